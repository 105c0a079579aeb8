package io.claviger.application.fakes;

import io.claviger.application.keys.port.DestinationPolicy;
import io.claviger.domain.credentials.TokenUrl;
import io.claviger.domain.instances.KeyedInstance;
import io.claviger.domain.policy.CallQuestion.Reach;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** {@link DestinationPolicy} in memory: knows the hosts that a test told it of. */
public final class InMemoryDestinations implements DestinationPolicy {
  private final Map<String, Reach> hosts = new ConcurrentHashMap<>();

  public void put(String host, Reach reach) {
    Reach unused = hosts.put(host, reach);
  }

  @Override
  public Reach judge(KeyedInstance instance, boolean withSecret) {
    return hosts.getOrDefault(instance.endpoint().host(), Reach.UNKNOWN);
  }

  @Override
  public Reach judge(TokenUrl url, boolean systemLevel) {
    return systemLevel ? Reach.UNKNOWN : hosts.getOrDefault(url.host(), Reach.UNKNOWN);
  }
}
