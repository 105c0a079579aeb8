package io.claviger.gateway.strangers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Reads a body as any provider might. Providers use many readers: some take the first of two
 * members with one name and some the last, some ignore case, comments, byte order marks or what
 * follows the first value, and some guess the encoding. What any of them could see is found.
 */
final class LaxReader {
  /**
   * A value that is neither an object nor an array.
   *
   * @param path the folded names of the members that lead to it
   */
  record Leaf(List<String> path, String value, boolean quoted) {
    String place() {
      return String.join(".", path);
    }
  }

  /**
   * What was read.
   *
   * @param whole whether the body is exactly one document without any fault
   * @param text the body as text, without escapes, for a reader that is laxer than this one
   */
  record Reading(List<Leaf> leaves, boolean whole, String text) {}

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
          .enable(JsonReadFeature.ALLOW_YAML_COMMENTS)
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
          .enable(JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .enable(JsonReadFeature.ALLOW_MISSING_VALUES)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  private static final Pattern BOUNDARY =
      Pattern.compile("(?i)boundary\\*?\\s*=\\s*(?:\"([^\"]*)\"|([^;\\s]+))");
  private static final Pattern NAME =
      Pattern.compile("(?i)[;\\s]name\\*?\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^;\\s]+))");
  private static final Pattern CHARSET = Pattern.compile("(?i)charset\\s*=\\s*\"?([^\";\\s]+)");
  private static final Pattern ESCAPE = Pattern.compile("\\\\u+([0-9a-fA-F]{4})");

  private LaxReader() {}

  /** All readings of a body, one for each way in which its bytes may be meant. */
  static List<Reading> read(byte[] body, String contentType, String contentEncoding) {
    List<Reading> readings = new ArrayList<>();
    if (body.length == 0) {
      return readings;
    }
    byte[] plain = decoded(body, contentEncoding);
    String type = contentType.toLowerCase(Locale.ROOT);
    if (type.contains("multipart")) {
      readings.add(form(new String(plain, ISO_8859_1), contentType));
    } else if (type.contains("x-www-form-urlencoded")) {
      readings.add(urlencoded(new String(plain, UTF_8)));
    } else {
      for (Charset charset : charsets(plain, type)) {
        readings.add(json(new String(plain, charset)));
      }
    }
    return readings;
  }

  private static byte[] decoded(byte[] body, String encoding) {
    try {
      if (body.length > 2 && body[0] == 0x1f && body[1] == (byte) 0x8b) {
        return new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
      }
      if (encoding.contains("deflate")) {
        return new InflaterInputStream(new ByteArrayInputStream(body)).readAllBytes();
      }
    } catch (IOException notSo) {
      return body;
    }
    return body;
  }

  private static Set<Charset> charsets(byte[] body, String type) {
    Set<Charset> charsets = new LinkedHashSet<>();
    charsets.add(UTF_8);
    Matcher named = CHARSET.matcher(type);
    while (named.find()) {
      if (Charset.isSupported(named.group(1))) {
        charsets.add(Charset.forName(named.group(1)));
      }
    }
    for (int i = 0; i < Math.min(4, body.length); i++) {
      if (body[i] == 0 || body[i] == -1 || body[i] == -2) {
        for (String wide : List.of("UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")) {
          charsets.add(Charset.forName(wide));
        }
      }
    }
    return charsets;
  }

  private static Reading json(String text) {
    String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
    List<Leaf> leaves = new ArrayList<>();
    List<String> path = new ArrayList<>();
    boolean whole = true;
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      int documents = 0;
      JsonToken token = parser.nextToken();
      while (token != null) {
        switch (token) {
          case START_OBJECT, START_ARRAY -> {
            documents += path.isEmpty() ? 1 : 0;
            path.add(Places.ELEMENT);
          }
          case END_OBJECT, END_ARRAY -> path.removeLast();
          case PROPERTY_NAME -> path.set(path.size() - 1, Places.folded(parser.currentName()));
          default -> {
            documents += path.isEmpty() ? 1 : 0;
            leaves.add(
                new Leaf(inDocument(path), parser.getString(), token == JsonToken.VALUE_STRING));
          }
        }
        token = parser.nextToken();
      }
      whole = documents == 1;
    } catch (JacksonException malformed) {
      whole = false;
    }
    return new Reading(leaves, whole, unescaped(body));
  }

  /** The path as if the document did not stand in an array. */
  private static List<String> inDocument(List<String> path) {
    return List.copyOf(
        path.size() > 1 && path.getFirst().equals(Places.ELEMENT)
            ? path.subList(1, path.size())
            : path);
  }

  private static String unescaped(String body) {
    return body.contains("\\u")
        ? ESCAPE
            .matcher(body)
            .replaceAll(
                m ->
                    Matcher.quoteReplacement(
                        String.valueOf((char) Integer.parseInt(m.group(1), 16))))
        : body;
  }

  private static Reading form(String body, String contentType) {
    List<Leaf> leaves = new ArrayList<>();
    Matcher boundaries = BOUNDARY.matcher(contentType);
    boolean whole = false;
    while (boundaries.find()) {
      String boundary = boundaries.group(1) == null ? boundaries.group(2) : boundaries.group(1);
      String[] parts = body.split(Pattern.quote("--" + boundary), -1);
      for (int i = 1; i < parts.length; i++) {
        whole = true;
        int end = parts[i].indexOf("\r\n\r\n");
        int bare = parts[i].indexOf("\n\n");
        int at = end >= 0 ? end + 4 : bare + 2;
        String head = at > 1 ? parts[i].substring(0, at) : "";
        Matcher name = NAME.matcher(head);
        if (at > 1 && !head.toLowerCase(Locale.ROOT).contains("filename")) {
          String found = "";
          if (name.find()) {
            found = name.group(1) == null ? name.group(2) : name.group(1);
          }
          leaves.add(new Leaf(List.of(Places.folded(found)), parts[i].substring(at).strip(), true));
        }
      }
    }
    return new Reading(leaves, whole, body);
  }

  private static Reading urlencoded(String body) {
    List<Leaf> leaves = new ArrayList<>();
    if (body.stripLeading().startsWith("{") || body.stripLeading().startsWith("[")) {
      return new Reading(leaves, true, body); // JSON, in which a reader of forms finds no field.
    }
    for (String pair : body.split("[&;]")) {
      int equals = pair.indexOf('=');
      leaves.add(
          new Leaf(
              List.of(Places.folded(urlDecoded(pair.substring(0, Math.max(equals, 0))))),
              urlDecoded(pair.substring(equals + 1)),
              true));
    }
    return new Reading(leaves, true, body);
  }

  /** Decodes what is percent-encoded, and leaves everything else as it is. */
  static String urlDecoded(String text) {
    try {
      return URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException malformed) {
      return text;
    }
  }
}
