package io.claviger.gateway.redact;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.keys.CustomHeader;
import io.claviger.domain.keys.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

public final class CallSecretRedactor {
  /**
   * The shortest header value, in characters, that is masked. Shorter values might be ordinary
   * words. The documentation of Claviger's API names this limit.
   */
  private static final int SHORTEST_VALUE = 8;

  /** The words, in lower case, that can precede a secret in the value of a header. */
  private static final Set<String> SCHEMES =
      Set.of(
          "bearer",
          "basic",
          "token",
          "apikey",
          "api-key",
          "key",
          "oauth",
          "dpop",
          "negotiate",
          "privatetoken",
          "geniekey");

  private CallSecretRedactor() {}

  /**
   * Makes the redactor. The redactor searches for the whole key and for the value of each custom
   * header. If a value consists of a scheme and a secret, as in {@code Bearer sk-…}, the redactor
   * also searches for the secret alone.
   *
   * @param errorAnswer whether the redacted answer is an error
   */
  public static Redactor of(AuthorizedCall call, boolean errorAnswer) {
    Redactor redactor = new Redactor(errorAnswer);
    call.key().ifPresent(key -> redactor.add(copy(key)));
    for (CustomHeader header : call.headers().headers()) {
      byte[] value = copy(header.value());
      if (value.length >= SHORTEST_VALUE) {
        behindScheme(value).ifPresent(redactor::add);
        redactor.add(value);
      }
    }
    return redactor;
  }

  /**
   * Returns the second word of a value that has the form {@code scheme rest}; empty if the value
   * has no scheme. After an unknown scheme, a second word without digits counts as an ordinary
   * word, as in an application's title.
   */
  static Optional<byte[]> behindScheme(byte[] value) {
    int space = 0;
    while (space < value.length && !isSpace(value[space])) {
      space++;
    }
    int start = space;
    while (start < value.length && isSpace(value[start])) {
      start++;
    }
    boolean digits = false;
    for (int i = start; i < value.length; i++) {
      if (isSpace(value[i])) {
        return Optional.empty();
      }
      digits |= value[i] >= '0' && value[i] <= '9';
    }
    boolean secret =
        value.length - start >= SHORTEST_VALUE && (digits || SCHEMES.contains(word(value, space)));
    return secret ? Optional.of(Arrays.copyOfRange(value, start, value.length)) : Optional.empty();
  }

  private static boolean isSpace(byte each) {
    return each == ' ' || each == '\t';
  }

  private static String word(byte[] value, int length) {
    return new String(value, 0, length, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
  }

  private static byte[] copy(Secret secret) {
    return secret.lend(byte[]::clone);
  }
}
