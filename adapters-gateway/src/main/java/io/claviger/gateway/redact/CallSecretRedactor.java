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
   * Makes the redactor, which searches for the key and for values of custom headers, each as a
   * whole.
   *
   * @param errorAnswer whether the answer is an error
   */
  public static Redactor of(AuthorizedCall call, boolean errorAnswer) {
    Redactor redactor = new Redactor(errorAnswer);
    call.key().ifPresent(key -> redactor.add(copy(key)));
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
