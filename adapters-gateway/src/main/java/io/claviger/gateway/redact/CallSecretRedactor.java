package io.claviger.gateway.redact;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.domain.keys.CustomHeader;
import io.claviger.domain.keys.Secret;

/** Makes the redactor for the secrets of an authorized call. */
public final class CallSecretRedactor {
  /**
   * Shorter header values are not masked, as the API's documentation says: they may be ordinary
   * words.
   */
  private static final int SHORTEST_VALUE = 8;

  private CallSecretRedactor() {}

  /**
   * The key is searched for as a whole and by its beginnings and endings of at least eight bytes.
   *
   * @param errorAnswer whether beginnings and endings of at least four bytes count too, where words
   *     begin or end
   */
  public static Redactor of(AuthorizedCall call, boolean errorAnswer) {
    Redactor redactor = new Redactor();
    if (call.key().isPresent()) {
      redactor.addKey(copy(call.key().get()), errorAnswer);
    }
    for (CustomHeader header : call.headers().headers()) {
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
