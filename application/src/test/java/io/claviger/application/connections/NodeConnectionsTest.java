package io.claviger.application.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.connections.port.ConnectionStore;
import io.claviger.application.fakes.InMemoryConnections;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.UsageAccount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NodeConnectionsTest {
  private static final UsageAccount BOB =
      new UsageAccount(
          new User.Id(new UUID(0, 2)),
          new Handle("bob"),
          new Instance.Id(new UUID(0, 3)),
          Instance.Ref.of("alice/chat"),
          new User.Id(new UUID(0, 1)),
          Optional.empty());
  private static final ConnectionStore.Question ALL =
      new ConnectionStore.Question(
          BOB.owner(), Optional.of(BOB.instance()), Optional.empty(), Optional.empty());

  private final AtomicLong now = new AtomicLong();
  private final NodeConnections node = new NodeConnections("one", now::get);
  private final Told store = new Told();

  /** A store that can be away, and remembers how many connections each report told of. */
  private static final class Told implements ConnectionStore {
    private final InMemoryConnections behind = new InMemoryConnections();
    private final List<Integer> counts = new ArrayList<>();
    private boolean away;

    @Override
    public Set<UUID> report(
        UUID node, String name, Collection<NodeConnection> open, Collection<UUID> ended) {
      if (away) {
        throw new StoreUnavailable(new IllegalStateException("away"));
      }
      counts.add(open.size());
      return behind.report(node, name, open, ended);
    }

    @Override
    public List<OpenConnection> list(Question of, Optional<TimeCursor> after, int limit) {
      return behind.list(of, after, limit);
    }

    @Override
    public boolean end(UUID id, Question among) {
      return behind.end(id, among);
    }

    @Override
    public int removeOld() {
      return behind.removeOld();
    }
  }

  private List<ConnectionStore.OpenConnection> shown() {
    return store.list(ALL, Optional.empty(), 10);
  }

  @Test
  void only_what_has_changed_is_told_and_all_of_it_every_few_seconds() {
    node.report(store);
    NodeConnections.Connection first = node.opened(BOB, () -> {});
    NodeConnections.Connection second = node.opened(BOB, () -> {});
    node.report(store);
    first.countMessage();
    first.countResponse();
    node.report(store);
    node.report(store);
    now.addAndGet(Duration.ofSeconds(5).toNanos());
    node.report(store);

    assertThat(store.counts).containsExactly(2, 1, 0, 2);
    assertThat(shown())
        .hasSize(2)
        .anyMatch(each -> each.counts().equals(new ConnectionStore.ConnectionCounts(1, 1, 0, 0)));
    assertThat(first.age()).isEqualTo(Duration.ofSeconds(5));

    first.closed();
    first.closed();
    second.closed();
    assertThat(node.count()).isZero();
    node.report(store);
    assertThat(shown()).isEmpty();
    node.report(store);
    assertThat(store.counts).hasSize(5);
  }

  @Test
  void what_could_not_be_told_is_told_again() {
    NodeConnections.Connection first = node.opened(BOB, () -> {});
    store.away = true;
    assertThatThrownBy(() -> node.report(store)).isInstanceOf(StoreUnavailable.class);
    store.away = false;
    node.report(store);
    assertThat(shown()).hasSize(1);
    first.closed();
    store.away = true;
    assertThatThrownBy(() -> node.report(store)).isInstanceOf(StoreUnavailable.class);
    store.away = false;
    node.report(store);
    assertThat(shown()).isEmpty();
  }

  @Test
  void a_connection_that_somebody_ends_is_ended_by_its_node() {
    List<String> ended = new ArrayList<>();
    NodeConnections.Connection first = node.opened(BOB, () -> ended.add("first"));
    NodeConnections.Connection second = node.opened(BOB, () -> ended.add("second"));
    node.report(store);
    assertThat(store.end(first.id(), ALL)).isTrue();
    assertThat(store.end(second.id(), ALL)).isTrue();
    second.closed();
    node.report(store);

    assertThat(ended).containsExactly("first");
    assertThat(node.count()).isEqualTo(1);
  }
}
