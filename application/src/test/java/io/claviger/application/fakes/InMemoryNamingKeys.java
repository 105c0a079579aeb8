package io.claviger.application.fakes;

import io.claviger.application.keys.port.NamingKeyStore;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedValue;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** {@link NamingKeyStore} in memory. It does not know which services there are. */
public final class InMemoryNamingKeys implements NamingKeyStore {
  private final Map<Instance.Id, SealedValue> keys = new ConcurrentHashMap<>();
  private final Set<Instance.Id> deleted = ConcurrentHashMap.newKeySet();

  /** From now on there is no such service. */
  public void delete(Instance.Id service) {
    boolean unused = deleted.add(service);
  }

  @Override
  public Optional<SealedValue> keepFirst(Instance.Id service, SealedValue made) {
    if (deleted.contains(service)) {
      return Optional.empty();
    }
    SealedValue before = keys.putIfAbsent(service, made);
    return Optional.of(before == null ? made : before);
  }

  @Override
  public Optional<SealedValue> find(Instance.Id service) {
    return Optional.ofNullable(keys.get(service));
  }
}
