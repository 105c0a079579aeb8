package io.claviger.gateway.redact;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.domain.keys.CustomHeader;
import io.claviger.domain.keys.Secret;

/** What of a passage must not come back. */
public final class CallSecretRedactor {
  /**
   * Shorter header values are not masked, as the API's documentation says: they would blot out
   * words that are no secrets.
   */
  private static final int SHORTEST_VALUE = 8;

  private CallSecretRedactor() {}

  /**
   * The key is looked for whole and by its beginnings and endings of eight bytes and more.
   *
   * @param errorAnswer whether beginnings and endings of four bytes and more count too, at the
   *     borders of words
   */
  public static Redactor of(AuthorizedCall passage, boolean errorAnswer) {
    Redactor redactor = new Redactor();
    if (passage.key().isPresent()) {
      redactor.addKey(copy(passage.key().get()), errorAnswer);
    }
    for (CustomHeader header : passage.headers().headers()) {
      byte[] value = copy(header.value());
      if (value.length >= SHORTEST_VALUE) {
        redactor.add(value);
      }
    }
    return redactor;
  }

  private static byte[] copy(Secret secret) {
    return secret.lend(byte[]::clone);
  }
}
