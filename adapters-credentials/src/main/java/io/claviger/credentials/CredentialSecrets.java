package io.claviger.credentials;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.credentials.CredentialKind;
import io.claviger.domain.keys.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Converts stored secrets and statements to texts for one exchange, and puts the resulting token
 * into a {@link Secret}.
 */
final class CredentialSecrets {
  private CredentialSecrets() {}

  /**
   * Returns the secret as a text. The text can't be wiped: it stays in the heap until the garbage
   * collector removes it.
   */
  static String text(Secret secret) {
    return secret.lend(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /** Whether the secret is a key file, whose key signs requests for tokens. */
  static boolean isKeyFile(CredentialKind kind, Secret secret) {
    return secret.lend(kind::isKeyFile);
  }

  /**
   * Stores a token in a {@link Secret}. Wipes the array.
   *
   * @return the token; empty if it contains characters that a header can't contain
   */
  static Optional<Secret> token(byte[] bytes) {
    try {
      return Optional.of(Secret.apiKey(bytes));
    } catch (InvalidValue unusable) {
      return Optional.empty();
    }
  }
}
