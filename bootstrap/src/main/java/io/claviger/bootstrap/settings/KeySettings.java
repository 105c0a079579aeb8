package io.claviger.bootstrap.settings;

import io.claviger.custody.BadEncryptionKey;
import io.claviger.custody.Keyring;
import io.claviger.domain.keys.KeyUri;
import io.claviger.domain.keys.WrappedKey;
import io.claviger.host.Confidential;
import io.claviger.host.StartRefused;
import io.claviger.wiring.KeyUnwrapping;
import io.claviger.wiring.OperatorSecrets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The operator's secrets. Only {@link Settings#forServing} checks the strength of encryption keys
 * and the names of providers. A command that uses these secrets reports their faults in its own
 * words.
 *
 * @param encryptionKeys a comma-separated list of keys from {@code ENCRYPTION_KEY} or {@code
 *     ENCRYPTION_KEY_FILE}. The first key seals new values. Each key may be wrapped
 * @param deployment API keys, keyed by their providers' names, which are written as in JSON: in
 *     lower case, with {@code -} instead of {@code _}
 */
public record KeySettings(
    Optional<Confidential> encryptionKeys,
    Optional<Confidential> adminToken,
    Map<String, Confidential> deployment,
    WrappingSettings wrapping) {
  private static final String DEPLOYMENT = Variable.DEPLOYMENT_KEY;
  private static final int SHORTEST_ADMIN_TOKEN = 32;

  public KeySettings {
    deployment = Map.copyOf(deployment);
  }

  /**
   * Checks these secrets and unwraps wrapped keys. Makes only one attempt to unwrap the keys.
   *
   * @param encryptionKeys the keys from the settings or the data directory
   * @throws io.claviger.host.StartRefused if there are faults; the message has a line per fault
   */
  public OperatorSecrets checkedWith(Confidential encryptionKeys) {
    return OperatorSecrets.of(encryptionKeys, wrapping.atOnce(), adminToken, deployment);
  }

  /**
   * Checks these secrets and unwraps wrapped keys for a starting node. Waits as long as the PKCS#11
   * token or the server with the wrapping key can't be reached.
   *
   * @param notice receives a sentence each time the waiting begins or the reason for waiting
   *     changes
   */
  public OperatorSecrets awaitedWith(Confidential encryptionKeys, Consumer<String> notice) {
    return OperatorSecrets.of(encryptionKeys, wrapping.waiting(notice), adminToken, deployment);
  }

  /**
   * Wraps one or several keys. Keys that are already wrapped are unwrapped first.
   *
   * @throws io.claviger.host.StartRefused if there are faults; the message has a line per fault
   */
  public List<WrappedKey> wrap(Confidential encryptionKeys, KeyUri with) {
    KeyUnwrapping unwrapping = wrapping.atOnce();
    try {
      return encryptionKeys.lendUtf8(
          text -> Keyring.rewrap(text, unwrapping::unwrap, key -> unwrapping.wrap(key, with)));
    } catch (BadEncryptionKey e) {
      throw new StartRefused("ENCRYPTION_KEY: " + e.getMessage(), e);
    }
  }

  static KeySettings read(Environment environment) {
    SecretVariables secrets = new SecretVariables(environment);
    return new KeySettings(
        secrets.textOrFile("ENCRYPTION_KEY").map(KeySettings::onOneLine).map(Confidential::of),
        secrets.token("CLAVIGER_ADMIN_TOKEN", SHORTEST_ADMIN_TOKEN),
        deploymentKeys(environment, secrets),
        WrappingSettings.read(environment, secrets));
  }

  /**
   * Joins the lines of a text into one line, separated by commas. Ignores blank lines, and white
   * space at line ends.
   */
  static String onOneLine(String text) {
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
