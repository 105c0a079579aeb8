package io.claviger.stub;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNullElse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a multipart form. If the kept bytes end within a part, the beginning of this part is
 * included.
 */
record FormParts(List<Part> parts) {
  /**
   * @param fileName the name of the file in the part; null if the part is a field
   */
  @SuppressWarnings("ArrayRecordComponent") // parts are never compared
  record Part(String name, @Nullable String fileName, String contentType, byte[] content) {}

  private static final Pattern BOUNDARY =
      Pattern.compile("boundary=(?:\"([^\"]+)\"|([^;\\s]+))", Pattern.CASE_INSENSITIVE);
  private static final Pattern NAME =
      Pattern.compile("[;\\s]name=\"([^\"]*)\"", Pattern.CASE_INSENSITIVE);
  private static final Pattern FILE_NAME =
      Pattern.compile("filename=\"([^\"]*)\"", Pattern.CASE_INSENSITIVE);
  private static final Pattern TYPE =
      Pattern.compile("content-type:\\s*([^\r]+)", Pattern.CASE_INSENSITIVE);

  static FormParts of(@Nullable String contentType, byte[] body, int length) {
    Matcher boundary = BOUNDARY.matcher(contentType == null ? "" : contentType);
    if (!boundary.find()) {
      throw new BadCall("the body is no multipart form");
    }
    String name = boundary.group(1) != null ? boundary.group(1) : boundary.group(2);
    String text = new String(body, 0, length, ISO_8859_1);
    String delimiter = "--" + name;
    List<Part> parts = new ArrayList<>();
    int at = text.indexOf(delimiter);
    while (at >= 0) {
      int head = at + delimiter.length() + 2;
      int content = text.indexOf("\r\n\r\n", head);
      if (content < 0) {
        break;
      }
      int next = text.indexOf("\r\n" + delimiter, content + 2);
      int end = next < 0 ? length : Math.max(next, content + 4);
      String lines = new String(Arrays.copyOfRange(body, head, content), UTF_8);
      parts.add(part(" " + lines, Arrays.copyOfRange(body, content + 4, end)));
      at = next < 0 ? -1 : next + 2;
    }
    return new FormParts(parts);
  }

  private static Part part(String head, byte[] content) {
    return new Part(
        requireNonNullElse(found(NAME, head), ""), found(FILE_NAME, head), type(head), content);
  }

  private static String type(String head) {
    return requireNonNullElse(found(TYPE, head), "application/octet-stream");
  }

  private static @Nullable String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : null;
  }

  @Nullable String field(String name) {
    Part part = part(name);
    return part == null ? null : new String(part.content(), UTF_8);
  }

  @Nullable Part part(String name) {
    return parts.stream().filter(part -> part.name().equals(name)).findFirst().orElse(null);
  }

  Part file(String name) {
    Part part = part(name);
    if (part == null) {
      throw new BadCall("'" + name + "' is a required property");
    }
    return part;
  }
}
