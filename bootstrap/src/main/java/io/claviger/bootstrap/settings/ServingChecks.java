package io.claviger.bootstrap.settings;

import io.claviger.custody.BadEncryptionKey;
import io.claviger.custody.Keyring;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.AddressNet;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.keys.Secret;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import java.util.List;
import java.util.Locale;

/**
 * Checks the strength of encryption keys, the provider names of deployment keys, and the private
 * hosts. Without these checks, a start would report only the first of several such faults.
 */
final class ServingChecks {
  private final Environment environment;

  private ServingChecks(Environment environment) {
    this.environment = environment;
  }

  static void check(Environment environment, Settings settings) {
    ServingChecks checks = new ServingChecks(environment);
    checks.checkEncryptionKeys(settings.keys());
    checks.checkDeploymentKeys(settings.keys());
    checks.checkPrivateHosts(settings.gateway().allowedPrivateHosts());
  }

  private void checkEncryptionKeys(KeySettings keys) {
    String name = environment.isSet("ENCRYPTION_KEY") ? "ENCRYPTION_KEY" : "ENCRYPTION_KEY_FILE";
    keys.encryptionKeys()
        .ifPresent(
            key -> {
              try {
                boolean unused = key.lendUtf8(ServingChecks::areWellFormed);
              } catch (BadEncryptionKey e) {
                environment.fault(name + ":", String.valueOf(e.getMessage()));
              }
            });
  }

  private static boolean areWellFormed(byte[] keys) {
    Keyring.check(keys);
    return true;
  }

  private void checkDeploymentKeys(KeySettings keys) {
    keys.deployment()
        .forEach(
            (provider, key) -> {
              String name =
                  Variable.DEPLOYMENT_KEY + provider.toUpperCase(Locale.ROOT).replace('-', '_');
              try {
                Provider unused = Provider.of(provider).demandKnown();
                boolean unusedKey = key.lendUtf8(bytes -> closed(Secret.apiKey(bytes.clone())));
              } catch (InvalidValue e) {
                environment.fault(name + ":", e.field() + ": " + e.allowed());
              }
            });
  }

  private static boolean closed(Secret secret) {
    secret.close();
    return true;
  }

  private void checkPrivateHosts(List<String> entries) {
    entries.stream()
        .filter(entry -> !isPrivateHost(entry))
        .forEach(
            entry ->
                environment.fault(
                    "CLAVIGER_ALLOWED_PRIVATE_HOSTS:",
                    AddressNet.otherBits(entry)
                        .orElse(
                            entry
                                + " is no host or address, with or without a port, and no range,"
                                + " such as 127.0.0.1:11434, [::1]:8080, ollama:11434 or"
                                + " 10.1.0.0/16")));
  }

  private static boolean isPrivateHost(String entry) {
    try {
      AllowedPrivateHosts unused = AllowedPrivateHosts.of(entry);
      return true;
    } catch (InvalidValue | IllegalArgumentException e) {
      return false;
    }
  }
}
