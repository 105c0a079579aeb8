package io.claviger.application.fakes;

import io.claviger.application.keys.port.DestinationPolicy;
import io.claviger.domain.credentials.TokenUrl;
import io.claviger.domain.instances.KeyedInstance;
import io.claviger.domain.policy.CallQuestion.Reach;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** {@link DestinationPolicy} in memory: knows the hosts that a test told it of. */
public final class InMemoryDestinations implements DestinationPolicy {
  private final Map<String, Reach> hosts = new ConcurrentHashMap<>();
  private final Set<String> withoutSecrets = ConcurrentHashMap.newKeySet();

  public void put(String host, Reach reach) {
    Reach unused = hosts.put(host, reach);
  }

  /** Allows calls to a host only if they send no secret. */
  public void allowWithoutSecret(String host) {
    boolean unused = withoutSecrets.add(host);
  }

  @Override
  public Reach judge(KeyedInstance instance, boolean withSecret) {
    if (withSecret && withoutSecrets.contains(instance.endpoint().host())) {
      return Reach.NOT_ALLOWED;
    }
    return hosts.getOrDefault(instance.endpoint().host(), Reach.UNKNOWN);
  }

  @Override
  public Reach judge(TokenUrl url, boolean systemLevel) {
    return systemLevel ? Reach.UNKNOWN : hosts.getOrDefault(url.host(), Reach.UNKNOWN);
  }
}
