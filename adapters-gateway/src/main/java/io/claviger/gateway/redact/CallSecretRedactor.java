package io.claviger.gateway.redact;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.keys.CustomHeader;
import io.claviger.domain.keys.Secret;

public final class CallSecretRedactor {
  /**
   * Shorter header values are not masked, because they may be ordinary words. The API's
   * documentation says so.
   */
  private static final int SHORTEST_VALUE = 8;

  private CallSecretRedactor() {}

  /**
   * Makes the redactor. It searches for the whole key, for beginnings and endings of the key of at
   * least eight bytes, and for whole values of custom headers. In an error it searches for any
   * eight consecutive characters of the key or of such a value.
   *
   * @param errorAnswer whether the answer is an error. If so, beginnings and endings of the key of
   *     at least four characters are also found where words begin or end
   */
  public static Redactor of(AuthorizedCall call, boolean errorAnswer) {
    Redactor redactor = new Redactor();
    call.key().ifPresent(key -> addKey(redactor, copy(key), errorAnswer));
    for (CustomHeader header : call.headers().headers()) {
      byte[] value = copy(header.value());
      if (value.length >= SHORTEST_VALUE) {
        addValue(redactor, value, errorAnswer);
      }
    }
    return redactor;
  }

  private static void addKey(Redactor redactor, byte[] key, boolean errorAnswer) {
    if (errorAnswer) {
      redactor.addToError(key, true);
    } else {
      redactor.addKey(key);
    }
  }

  private static void addValue(Redactor redactor, byte[] value, boolean errorAnswer) {
    if (errorAnswer) {
      redactor.addToError(value, false);
    } else {
      redactor.add(value);
    }
  }

  private static byte[] copy(Secret secret) {
    return secret.lend(byte[]::clone);
  }
}
