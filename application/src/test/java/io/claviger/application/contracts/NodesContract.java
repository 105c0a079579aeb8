package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.keys.port.NodeStore.About;
import io.claviger.application.keys.port.NodeStore.NodeStatus;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.NodeKeys;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What {@link io.claviger.application.keys.port.NodeStore} promises. */
public abstract class NodesContract extends PortContract {
  private static final UUID ONE = new UUID(0, 1);
  private static final UUID OTHER = new UUID(0, 2);

  private final EncryptionKeyId a = new EncryptionKeyId("0000000a");
  private final EncryptionKeyId b = new EncryptionKeyId("0000000b");
  private final NodeKeys keys = new NodeKeys("one:8080", Set.of(a, b), b);

  @Test
  void a_node_that_reports_itself_lives() {
    ports.nodes().heartbeat(ONE, keys);

    assertThat(ports.nodes().all())
        .singleElement()
        .matches(NodeStatus::isLive)
        .matches(seen -> seen.id().equals(ONE) && seen.keys().equals(keys));
    assertThat(ports.nodes().live()).containsExactly(keys);
  }

  @Test
  void a_node_says_anew_which_keys_it_holds() {
    ports.nodes().heartbeat(ONE, keys);
    NodeKeys after = new NodeKeys("one:8080", Set.of(b), b);
    ports.nodes().heartbeat(ONE, after);

    assertThat(ports.nodes().live()).containsExactly(after);
  }

  @Test
  void nodes_come_by_their_names_and_a_name_may_be_anothers_too() {
    ports.nodes().heartbeat(OTHER, new NodeKeys("b", Set.of(a), a));
    ports.nodes().heartbeat(ONE, new NodeKeys("b", Set.of(b), b));
    ports.nodes().heartbeat(new UUID(0, 3), new NodeKeys("a", Set.of(a), a));

    assertThat(ports.nodes().all())
        .extracting(seen -> seen.id().getLeastSignificantBits())
        .containsExactly(3L, 1L, 2L);
  }

  @Test
  void a_node_says_what_it_is() {
    About measured = new About("1.2.3", Optional.of(Duration.ofNanos(12_345_000)));
    About unmeasured = new About("1.2.3", Optional.empty());
    ports.nodes().heartbeat(ONE, keys);
    assertThat(ports.nodes().all()).extracting(NodeStatus::about).containsExactly(Optional.empty());

    ports.nodes().tell(ONE, measured);
    ports.nodes().heartbeat(ONE, keys);
    assertThat(ports.nodes().all())
        .extracting(NodeStatus::about)
        .containsExactly(Optional.of(measured));

    ports.nodes().tell(ONE, unmeasured);
    ports.nodes().tell(OTHER, measured);
    assertThat(ports.nodes().all())
        .extracting(NodeStatus::about)
        .containsExactly(Optional.of(unmeasured));
  }

  @Test
  void a_live_node_stays_if_only_others_are_removed() {
    ports.nodes().heartbeat(ONE, keys);

    assertThat(ports.nodes().unregisterUnlessLive(ONE)).isFalse();
    assertThat(ports.nodes().unregisterUnlessLive(OTHER)).isFalse();

    assertThat(ports.nodes().live()).containsExactly(keys);
  }

  @Test
  void a_node_that_left_is_none_any_more() {
    ports.nodes().heartbeat(ONE, keys);
    ports.nodes().heartbeat(OTHER, keys);

    assertThat(ports.nodes().unregister(ONE)).isTrue();
    assertThat(ports.nodes().unregister(ONE)).isFalse();

    assertThat(ports.nodes().all()).extracting(NodeStatus::id).containsExactly(OTHER);
  }
}
