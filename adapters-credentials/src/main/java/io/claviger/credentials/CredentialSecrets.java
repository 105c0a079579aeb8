package io.claviger.credentials;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.keys.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads stored secrets and statements as texts for one exchange, and puts the token that it returns
 * into a {@link Secret}.
 */
final class CredentialSecrets {
  private CredentialSecrets() {}

  /**
   * Returns the secret as a text. The text can't be wiped: it is in the heap until the garbage
   * collector has removed it.
   */
  static String text(Secret secret) {
    return secret.lend(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /**
   * Puts a token into a {@link Secret}. Wipes the array.
   *
   * @return empty if no header can carry the token
   */
  static Optional<Secret> token(byte[] bytes) {
    try {
      return Optional.of(Secret.apiKey(bytes));
    } catch (InvalidValue unusable) {
      return Optional.empty();
    }
  }
}
