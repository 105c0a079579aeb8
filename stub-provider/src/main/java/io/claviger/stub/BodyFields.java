package io.claviger.stub;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Contains the few fields of a body that determine the response.
 *
 * <p>Scalars are found by their path of names ({@code stream_options.include_usage}). An array adds
 * no name to the path. If a field occurs several times, its last occurrence is used. Texts are
 * found by the name of their top-level field. Each element of an array is a separate text. If the
 * field or element is a string, this string is the text. The text of an object consists of the
 * texts in its members {@code text}, {@code content} and {@code output}.
 */
final class BodyFields {
  private static final Pattern FORM_PART =
      Pattern.compile("(?i)content-disposition: form-data; name=\"([^\"]+)\"\r\n\r\n([^\r]*)\r\n");

  private final Map<String, String> scalars;
  private final Map<String, List<String>> texts;
  private final boolean wellFormed;

  BodyFields(Map<String, String> scalars, Map<String, List<String>> texts, boolean wellFormed) {
    this.scalars = scalars;
    this.texts = texts;
    this.wellFormed = wellFormed;
  }

  static BodyFields of(@Nullable String contentType, byte[] body, int length) {
    if (contentType != null && contentType.startsWith("multipart/form-data")) {
      return ofMultipart(new String(body, 0, length, ISO_8859_1));
    }
    if (contentType != null && contentType.startsWith("application/x-www-form-urlencoded")) {
      return ofForm(new String(body, 0, length, UTF_8));
    }
    return JsonScan.of(body, length);
  }

  private static BodyFields ofMultipart(String body) {
    Map<String, String> scalars = new HashMap<>();
    Matcher part = FORM_PART.matcher(body);
    while (part.find()) {
      scalars.put(part.group(1), part.group(2));
    }
    return new BodyFields(scalars, Map.of(), true);
  }

  private static BodyFields ofForm(String body) {
    Map<String, String> scalars = new HashMap<>();
    new QueryStringDecoder(body, false)
        .parameters()
        .forEach((name, values) -> scalars.put(name, values.get(0)));
    return new BodyFields(scalars, Map.of(), true);
  }

  /**
   * Returns false if the JSON is malformed or incomplete. The fields before the error are available
   * nevertheless.
   */
  boolean wellFormed() {
    return wellFormed;
  }

  @Nullable String scalar(String path) {
    return scalars.get(path);
  }

  boolean flag(String path) {
    return "true".equals(scalars.get(path));
  }

  /** Returns the texts of a field; an empty list if the field contains none. */
  List<String> texts(String field) {
    List<String> found = texts.get(field);
    if (found != null) {
      return found;
    }
    String scalar = scalars.get(field);
    return scalar == null ? List.of() : List.of(scalar);
  }
}
