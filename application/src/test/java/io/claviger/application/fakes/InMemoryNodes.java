package io.claviger.application.fakes;

import io.claviger.application.keys.port.NodeStore;
import io.claviger.domain.keys.NodeKeys;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** {@link NodeStore} in memory. */
public final class InMemoryNodes implements NodeStore {
  private record Reported(NodeKeys keys, Instant at) {}

  private final Map<UUID, Reported> reported = new ConcurrentHashMap<>();
  private final Map<UUID, About> told = new ConcurrentHashMap<>();
  private final InstantSource clock;

  public InMemoryNodes(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public void heartbeat(UUID id, NodeKeys keys) {
    reported.put(id, new Reported(keys, clock.instant()));
  }

  @Override
  public void tell(UUID id, About about) {
    if (reported.containsKey(id)) {
      told.put(id, about);
    }
  }

  @Override
  public boolean unregister(UUID id) {
    told.remove(id);
    return reported.remove(id) != null;
  }

  @Override
  public boolean unregisterUnlessLive(UUID id) {
    return all().stream().anyMatch(node -> node.id().equals(id) && !node.isLive())
        && unregister(id);
  }

  @Override
  public List<NodeStatus> all() {
    return reported.entrySet().stream()
        .map(
            e ->
                new NodeStatus(
                    e.getKey(),
                    e.getValue().keys(),
                    Duration.between(e.getValue().at(), clock.instant()),
                    Optional.ofNullable(told.get(e.getKey()))))
        .sorted(
            Comparator.comparing((NodeStatus s) -> s.keys().name()).thenComparing(NodeStatus::id))
        .toList();
  }
}
