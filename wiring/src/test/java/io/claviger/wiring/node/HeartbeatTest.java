package io.claviger.wiring.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.claviger.application.Wiring;
import io.claviger.application.fakes.InMemorySealer;
import io.claviger.application.health.TaskRecords;
import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.domain.keys.NodeKeys;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HeartbeatTest {
  private final Wiring w = new Wiring();
  private final TaskRecords records = new TaskRecords();
  private final AtomicInteger turns = new AtomicInteger();

  /** While the node was paused, another node added a key. The next heartbeat is not due yet. */
  @Test
  @Timeout(30)
  void a_task_that_opens_values_runs_only_with_the_keys_that_are_on_record_at_that_moment() {
    KeyringAdmission keyring =
        KeyringAdmission.of(
            w.claviger.encryptionKeys(),
            w.claviger.nodes(),
            w.claviger.sealer(),
            w.changes,
            "node-1");
    NodeCore.Heartbeat heartbeat =
        new NodeCore.Heartbeat(keyring, w.memory, records, Optional.empty());
    try {
      while (records.of("heartbeat").lastSuccess().isEmpty()) {
        Thread.onSpinWait();
      }
      Upkeep opening = heartbeat.withRightKeys(counting().openingValues());
      Upkeep other = heartbeat.withRightKeys(counting());
      Duration unused = opening.run();
      assertThat(turns).hasValue(1);

      InMemorySealer fresh = InMemorySealer.withOneKey();
      w.claviger.encryptionKeys().add(fresh.sealingKey(), fresh.sentinel(fresh.sealingKey()));

      unused = opening.run();
      assertThat(turns).hasValue(1);
      unused = other.run();
      assertThat(turns).hasValue(2);
    } finally {
      heartbeat.stop();
    }
  }

  @ParameterizedTest
  @MethodSource("io.claviger.application.fakes.TransientFailures#all")
  @Timeout(30)
  void a_node_stops_although_the_database_fails(RuntimeException failure) {
    KeyringAdmission keyring =
        KeyringAdmission.of(
            w.claviger.encryptionKeys(),
            new Unleavable(w.claviger.nodes(), failure),
            w.claviger.sealer(),
            w.changes,
            "node-1");

    assertThatCode(new NodeCore.Heartbeat(keyring, w.memory, records, Optional.empty())::stop)
        .doesNotThrowAnyException();
  }

  /** Nodes that can't be unregistered. */
  private record Unleavable(NodeStore nodes, RuntimeException failure) implements NodeStore {
    @Override
    public void heartbeat(UUID id, NodeKeys keys) {
      nodes.heartbeat(id, keys);
    }

    @Override
    public void tell(UUID id, About about) {
      nodes.tell(id, about);
    }

    @Override
    public boolean unregister(UUID id) {
      throw failure;
    }

    @Override
    public boolean unregisterUnlessLive(UUID id) {
      throw failure;
    }

    @Override
    public List<NodeStatus> all() {
      return nodes.all();
    }
  }

  private Upkeep counting() {
    return Upkeep.each(Duration.ofSeconds(1), "counting", turns::incrementAndGet);
  }
}
