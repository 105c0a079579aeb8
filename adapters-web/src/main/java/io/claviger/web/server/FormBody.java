package io.claviger.web.server;

import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The fields of a form ({@code application/x-www-form-urlencoded}) of at most 65,536 bytes. A field
 * that is sent twice is refused, since two readers might take different ones.
 */
public final class FormBody {
  private static final int LARGEST = 65_536;
  private static final String MEDIA_TYPE = "application/x-www-form-urlencoded";

  private final Map<String, String> fields;

  private FormBody(Map<String, String> fields) {
    this.fields = fields;
  }

  /**
   * Reads the form of a request.
   *
   * @throws ProblemException when the body is no form, or too large
   */
  public static FormBody of(HttpServletRequest request) {
    String type = request.getContentType();
    if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase(MEDIA_TYPE)) {
      throw new ProblemException(
          new Problem(415, "unsupported_media_type", "Send a form: " + MEDIA_TYPE + "."));
    }
    byte[] body;
    try {
      body = request.getInputStream().readNBytes(LARGEST + 1);
    } catch (IOException e) {
      throw new ProblemException(
          new Problem(400, "incomplete_body", "The body ended, or stopped, before it was whole."));
    }
    if (body.length > LARGEST) {
      throw new ProblemException(
          new Problem(413, "content_too_large", "A form has at most " + LARGEST + " bytes."));
    }
    return new FormBody(parse(new String(body, StandardCharsets.UTF_8)));
  }

  /** Returns a field; empty if it is missing or blank. */
  public Optional<String> field(String name) {
    return Optional.ofNullable(fields.get(name)).filter(value -> !value.isBlank());
  }

  private static Map<String, String> parse(String body) {
    Map<String, String> fields = new TreeMap<>();
    for (String pair : body.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      if (!pair.isEmpty() && fields.put(name, value) != null) {
        throw malformed("A field was sent twice.");
      }
    }
    return fields;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformed("A field is not encoded as in a form.");
    }
  }

  private static ProblemException malformed(String detail) {
    return new ProblemException(new Problem(400, "malformed_form", detail));
  }
}
