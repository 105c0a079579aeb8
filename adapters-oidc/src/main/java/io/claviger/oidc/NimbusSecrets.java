package io.claviger.oidc;

import io.claviger.domain.keys.Secret;
import java.nio.charset.StandardCharsets;

/**
 * Converts secrets to the texts that Nimbus needs for one request, and converts such texts to
 * secrets.
 */
final class NimbusSecrets {
  private NimbusSecrets() {}

  static String of(Secret secret) {
    return secret.lend(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  static Secret secret(String text) {
    return Secret.takingOver(text.getBytes(StandardCharsets.UTF_8));
  }
}
