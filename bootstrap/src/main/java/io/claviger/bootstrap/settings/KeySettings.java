package io.claviger.bootstrap.settings;

import io.claviger.operator.Confidential;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The secrets that the operator brings. Whether encryption keys are strong enough is custody's to
 * say, whether a provider exists is the registry's.
 *
 * @param encryptionKeys one or several, separated by commas, the first seals; whichever of {@code
 *     ENCRYPTION_KEY} and {@code ENCRYPTION_KEY_FILE} they came from
 * @param deployment keys by provider as the registry spells it: lower case, {@code -} for {@code _}
 */
public record KeySettings(
    Optional<Confidential> encryptionKeys,
    Optional<Confidential> adminToken,
    Map<String, Confidential> deployment) {
  private static final String DEPLOYMENT = "CLAVIGER_DEPLOYMENT_KEY_";
  private static final int SHORTEST_ADMIN_TOKEN = 32;

  public KeySettings {
    deployment = Map.copyOf(deployment);
  }

  static KeySettings read(Environment environment) {
    SecretVariables secrets = new SecretVariables(environment);
    return new KeySettings(
        secrets.textOrFile("ENCRYPTION_KEY").map(KeySettings::onOneLine).map(Confidential::of),
        secrets.token("CLAVIGER_ADMIN_TOKEN", SHORTEST_ADMIN_TOKEN),
        deploymentKeys(environment, secrets));
  }

  /** White space at line ends does not count, nor do blank lines; a line end is a comma. */
  private static String onOneLine(String text) {
    return text.lines()
        .map(String::stripTrailing)
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining(","));
  }

  private static Map<String, Confidential> deploymentKeys(
      Environment environment, SecretVariables secrets) {
    Map<String, Confidential> keys = new TreeMap<>();
    Map<String, String> variables = new TreeMap<>();
    for (String name : environment.namesStartingWith(DEPLOYMENT)) {
      String base = name.endsWith("_FILE") ? name.substring(0, name.length() - 5) : name;
      String provider =
          base.length() < DEPLOYMENT.length() ? "" : base.substring(DEPLOYMENT.length());
      if (provider.matches("[A-Z0-9]+(_[A-Z0-9]+)*")) {
        variables.put(provider.toLowerCase(Locale.ROOT).replace('_', '-'), base);
      } else {
        environment.fault(name, "must end in a provider's name in upper case, with _ for -");
      }
    }
    variables.forEach(
        (provider, name) ->
            secrets
                .textOrFile(name)
                .map(String::stripTrailing)
                .ifPresent(key -> keys.put(provider, Confidential.of(key))));
    return keys;
  }
}
