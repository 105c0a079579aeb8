package io.claviger.bootstrap.wiring;

import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.bootstrap.settings.KeySettings;
import io.claviger.custody.BadEncryptionKey;
import io.claviger.custody.Keyring;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.keys.Secret;
import io.claviger.operator.Confidential;
import io.claviger.operator.StartRefused;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What the operator brings in secret, checked and in the forms that the program uses. */
public record OperatorSecrets(
    Keyring keyring, Optional<TokenText> adminToken, DeploymentKeys deploymentKeys) {

  /**
   * @throws StartRefused with a line for everything that is wrong, none of which repeats a secret
   */
  public static OperatorSecrets of(Confidential encryptionKeys, KeySettings settings) {
    List<String> faults = new ArrayList<>();
    Optional<Keyring> keyring = keyring(encryptionKeys, faults);
    Map<Provider, Secret> deployment = deployment(settings.deployment(), faults);
    if (!faults.isEmpty()) {
      throw new StartRefused(faults);
    }
    return new OperatorSecrets(
        keyring.orElseThrow(),
        settings
            .adminToken()
            .map(token -> token.lend(text -> TokenText.presented(new String(text)))),
        new EnvironmentKeys(deployment));
  }

  private static Optional<Keyring> keyring(Confidential keys, List<String> faults) {
    try {
      return Optional.of(inUtf8(keys, Keyring::of));
    } catch (BadEncryptionKey e) {
      faults.add("ENCRYPTION_KEY: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static Map<Provider, Secret> deployment(
      Map<String, Confidential> given, List<String> faults) {
    Map<Provider, Secret> keys = new EnumMap<>(Provider.class);
    given.forEach(
        (name, key) -> {
          try {
            keys.put(Provider.of(name), inUtf8(key, bytes -> Secret.apiKey(bytes.clone())));
          } catch (InvalidValue e) {
            faults.add("the deployment key of %s: %s: %s".formatted(name, e.field(), e.allowed()));
          }
        });
    return keys;
  }

  private static <T> T inUtf8(Confidential secret, Function<byte[], T> use) {
    return secret.lend(
        chars -> {
          byte[] most = new byte[4 * chars.length];
          ByteBuffer buffer = ByteBuffer.wrap(most);
          StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(chars), buffer, true);
          byte[] bytes = Arrays.copyOf(most, buffer.position());
          try {
            return use.apply(bytes);
          } finally {
            Arrays.fill(most, (byte) 0);
            Arrays.fill(bytes, (byte) 0);
          }
        });
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
