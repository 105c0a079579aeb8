package io.claviger.web.server;

import io.claviger.domain.credentials.CredentialKind;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The fields of a form ({@code application/x-www-form-urlencoded}). A field without a value counts
 * as absent, as RFC 6749 (3.2) requires. {@link #toString} hides the values, which might be
 * secrets.
 */
public final class Form {
  /**
   * The usual maximum size of a form from an unknown caller, in bytes. A form that exceeds this
   * size counts as large, and only a few large forms are answered at the same time.
   */
  public static final int LARGEST = 65_536;

  /**
   * The maximum size of a form from a user, in bytes. A character takes up to nine bytes in a form,
   * and the texts of a service have up to 30,000 characters, not counting its limits.
   */
  static final int LARGEST_OF_USER = 8 * LARGEST;

  /** The maximum number of fields in a form. */
  public static final int MOST_FIELDS = 192;

  /**
   * The names of the fields with secrets, including the secrets of all kinds of credentials. The
   * API has the same names for fields with secrets.
   */
  private static final Set<String> SECRETS =
      Stream.concat(
              Stream.of("own_key", "token", "header_value"),
              Stream.of(CredentialKind.values()).flatMap(kind -> kind.secretFields().stream()))
          .collect(Collectors.toUnmodifiableSet());

  private final Map<String, String> fields;

  /**
   * Whether any form uses this field name for a secret. No page shows a secret that was typed into
   * a form. In forms with several rows, each field's name ends with the number of its row.
   */
  public static boolean isSecret(String name) {
    int end = name.length();
    while (end > 0 && name.charAt(end - 1) >= '0' && name.charAt(end - 1) <= '9') {
      end--;
    }
    return SECRETS.contains(name.substring(0, end));
  }

  private Form(Map<String, String> fields) {
    this.fields = fields;
  }

  /**
   * Parses a form.
   *
   * @param body the bytes of the form, which are wiped even if the form can't be parsed
   * @param length the number of bytes at the start of {@code body} that belong to the form
   * @throws ProblemException with status 400 if the body is not percent-encoded UTF-8, has too many
   *     fields, or contains a field twice
   */
  static Form of(byte[] body, int length) {
    try {
      return new Form(parse(new String(body, 0, length, StandardCharsets.ISO_8859_1)));
    } finally {
      Arrays.fill(body, (byte) 0);
    }
  }

  private static Map<String, String> parse(String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    if (text.isEmpty()) {
      return fields;
    }
    String[] pairs = text.split("&", MOST_FIELDS + 1);
    if (pairs.length > MOST_FIELDS) {
      throw malformed("A form has at most " + MOST_FIELDS + " fields.");
    }
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      if (fields.putIfAbsent(name, value) != null) {
        throw malformed("A field of the form is given twice.");
      }
    }
    return fields;
  }

  /** Returns the value of a field; empty if the field is absent or has no value. */
  public Optional<String> value(String name) {
    return Optional.ofNullable(fields.get(name)).filter(value -> !value.isEmpty());
  }

  /**
   * Reads the form that is encoded in a field's value. If the field is absent, the returned form
   * has no fields.
   *
   * @throws ProblemException with status 400 if the value is not a form
   */
  public Form within(String field) {
    return new Form(parse(fields.getOrDefault(field, "")));
  }

  /** Returns the names of all fields, with and without values. */
  public Set<String> names() {
    return Set.copyOf(fields.keySet());
  }

  @Override
  public String toString() {
    return "Form[hidden]";
  }

  private static String decoded(String text) {
    return PercentDecoder.decode(text)
        .orElseThrow(() -> malformed("The form is not percent-encoded UTF-8."));
  }

  private static ProblemException malformed(String detail) {
    return new ProblemException(new Problem(400, "malformed_form", detail));
  }
}
