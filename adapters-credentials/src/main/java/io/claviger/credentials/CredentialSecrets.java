package io.claviger.credentials;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.keys.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Returns stored secrets and statements as texts for use in one exchange, and puts the token that
 * the exchange returns into a {@link Secret}.
 */
final class CredentialSecrets {
  private CredentialSecrets() {}

  /**
   * Returns the secret as a text. This text can't be wiped: it is in the heap until the garbage
   * collector has removed it.
   */
  static String text(Secret secret) {
    return secret.lend(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /**
   * Puts a token into a {@link Secret}. Wipes the array.
   *
   * @return the token; empty if it contains characters that no header can contain
   */
  static Optional<Secret> token(byte[] bytes) {
    try {
      return Optional.of(Secret.apiKey(bytes));
    } catch (InvalidValue unusable) {
      return Optional.empty();
    }
  }
}
