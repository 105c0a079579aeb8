package io.claviger.wiring;

import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.custody.BadEncryptionKey;
import io.claviger.custody.Keyring;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.keys.Secret;
import io.claviger.host.Confidential;
import io.claviger.host.StartRefused;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operator's secrets, checked and converted to the program's types. */
public record OperatorSecrets(
    Keyring keyring, Optional<TokenText> adminToken, DeploymentKeys deploymentKeys) {

  /**
   * Checks encryption keys, without other secrets.
   *
   * @param encryptionKeys a comma-separated list of keys; the first key seals new values
   * @throws StartRefused if there are faults; the message has a line per fault and repeats no
   *     secret
   */
  public static OperatorSecrets of(Confidential encryptionKeys) {
    return of(encryptionKeys, Optional.empty(), Map.of());
  }

  /**
   * Checks secrets without wrapped encryption keys.
   *
   * @param encryptionKeys a comma-separated list of keys; the first key seals new values
   * @param deploymentKeys API keys, keyed by the JSON names of their providers
   * @throws StartRefused if there are faults; the message has a line per fault and repeats no
   *     secret
   */
  public static OperatorSecrets of(
      Confidential encryptionKeys,
      Optional<Confidential> adminToken,
      Map<String, Confidential> deploymentKeys) {
    return of(
        encryptionKeys,
        new KeyUnwrapping(List.of(), Duration.ZERO, unused -> {}),
        adminToken,
        deploymentKeys);
  }

  /**
   * @param encryptionKeys a comma-separated list of keys; the first key seals new values
   * @param unwrapping the object that unwraps wrapped encryption keys
   * @param deploymentKeys API keys, keyed by the JSON names of their providers
   * @throws StartRefused if there are faults; the message has a line per fault and repeats no
   *     secret
   */
  public static OperatorSecrets of(
      Confidential encryptionKeys,
      KeyUnwrapping unwrapping,
      Optional<Confidential> adminToken,
      Map<String, Confidential> deploymentKeys) {
    List<String> faults = new ArrayList<>();
    Optional<Keyring> keyring = keyring(encryptionKeys, unwrapping, faults);
    Map<Provider, Secret> deployment = deployment(deploymentKeys, faults);
    if (!faults.isEmpty()) {
      throw new StartRefused(faults);
    }
    return new OperatorSecrets(
        keyring.orElseThrow(),
        adminToken.map(token -> token.lend(text -> TokenText.presented(new String(text)))),
        new EnvironmentKeys(deployment));
  }

  private static Optional<Keyring> keyring(
      Confidential keys, KeyUnwrapping unwrapping, List<String> faults) {
    try {
      return Optional.of(keys.lendUtf8(text -> Keyring.of(text, unwrapping::unwrap)));
    } catch (BadEncryptionKey e) {
      faults.add("ENCRYPTION_KEY: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** A deployment key is sent only to the endpoint of a known provider. */
  private static Map<Provider, Secret> deployment(
      Map<String, Confidential> given, List<String> faults) {
    Map<Provider, Secret> keys = new HashMap<>();
    given.forEach(
        (name, key) -> {
          try {
            keys.put(
                Provider.of(name).demandKnown(),
                key.lendUtf8(bytes -> Secret.apiKey(bytes.clone())));
          } catch (InvalidValue e) {
            faults.add("the deployment key of %s: %s: %s".formatted(name, e.field(), e.allowed()));
          }
        });
    return keys;
  }

  private record EnvironmentKeys(Map<Provider, Secret> keys) implements DeploymentKeys {
    @Override
    public boolean has(Provider provider) {
      return keys.containsKey(provider);
    }

    @Override
    public Optional<Secret> copy(Provider provider) {
      return Optional.ofNullable(keys.get(provider))
          .map(key -> key.lend(bytes -> Secret.takingOver(bytes.clone())));
    }
  }
}
