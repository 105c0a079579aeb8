package io.claviger.application.fakes;

import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.keys.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** {@link DeploymentKeys} in memory. */
public final class InMemoryDeploymentKeys implements DeploymentKeys {
  private final Map<Provider, String> keys = new ConcurrentHashMap<>();

  public void put(Provider provider, String key) {
    keys.put(provider, key);
  }

  @Override
  public boolean has(Provider provider) {
    return keys.containsKey(provider);
  }

  @Override
  public Optional<Secret> copy(Provider provider) {
    return Optional.ofNullable(keys.get(provider))
        .map(key -> Secret.apiKey(key.getBytes(StandardCharsets.US_ASCII)));
  }
}
