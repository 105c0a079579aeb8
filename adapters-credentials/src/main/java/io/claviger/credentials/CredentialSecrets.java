package io.claviger.credentials;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.keys.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Opens stored secrets and statements for one exchange, and hides the tokens that it brings. */
final class CredentialSecrets {
  private CredentialSecrets() {}

  /** The text can't be wiped: it is in the heap until the garbage collector has removed it. */
  static String text(Secret secret) {
    return secret.lend(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /**
   * Hides a token. The array is wiped.
   *
   * @return empty if no header can carry it
   */
  static Optional<Secret> token(byte[] bytes) {
    try {
      return Optional.of(Secret.apiKey(bytes));
    } catch (InvalidValue unusable) {
      return Optional.empty();
    }
  }
}
