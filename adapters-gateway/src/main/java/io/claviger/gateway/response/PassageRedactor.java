package io.claviger.gateway.response;

import io.claviger.application.gateway.Passage;
import io.claviger.domain.keys.CustomHeader;
import io.claviger.domain.keys.Secret;
import io.claviger.gateway.redaction.Redactor;

/** What of a passage must not come back. */
public final class PassageRedactor {
  /** Shorter header values would blot out words that are no secrets. */
  private static final int SHORTEST_VALUE = 8;

  private PassageRedactor() {}

  /**
   * @param errorAnswer whether beginnings and endings of the key count too
   */
  public static Redactor of(Passage passage, boolean errorAnswer) {
    Redactor redactor = new Redactor();
    if (passage.key().isPresent()) {
      Secret key = passage.key().get();
      redactor.add(copy(key));
      if (errorAnswer) {
        redactor.addEdges(copy(key));
      }
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
