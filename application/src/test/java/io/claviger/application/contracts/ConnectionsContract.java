package io.claviger.application.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.connections.port.ConnectionStore;
import io.claviger.application.connections.port.ConnectionStore.ConnectionCounts;
import io.claviger.application.connections.port.ConnectionStore.NodeConnection;
import io.claviger.application.connections.port.ConnectionStore.OpenConnection;
import io.claviger.application.connections.port.ConnectionStore.Question;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.User;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What {@link ConnectionStore} promises. */
public abstract class ConnectionsContract extends CalledServiceContract {
  private static final UUID ONE = new UUID(1, 1);
  private static final UUID OTHER = new UUID(1, 2);

  private NodeConnection connection(int id, User user, boolean through, int seconds, int count) {
    return new NodeConnection(
        new UUID(0, id),
        account(user, through),
        Duration.ofSeconds(seconds),
        new ConnectionCounts(count, count - 1, 10L * count, 7L * count));
  }

  /** Connections with the ids 1 and 2. */
  protected List<NodeConnection> two() {
    return List.of(connection(1, alice, false, 2, 1), connection(2, bob, false, 1, 1));
  }

  protected ConnectionStore store() {
    return ports.connections();
  }

  protected Question all() {
    return new Question(alice.id(), Optional.of(service.id()), Optional.empty(), Optional.empty());
  }

  private Question own(User of) {
    return new Question(of.id(), Optional.empty(), Optional.of(of.id()), Optional.empty());
  }

  protected List<Long> ids(Question of) {
    return store().list(of, Optional.empty(), 10).stream()
        .map(each -> each.id().getLeastSignificantBits())
        .toList();
  }

  @Test
  void connections_of_all_nodes_are_listed_until_they_end_the_eldest_first() {
    assertThat(
            store()
                .report(
                    ONE,
                    "one",
                    List.of(connection(1, alice, false, 10, 5), connection(2, bob, false, 30, 7)),
                    List.of()))
        .isEmpty();
    assertThat(store().report(OTHER, "other", List.of(connection(3, bob, true, 20, 1)), List.of()))
        .isEmpty();

    List<OpenConnection> shown = store().list(all(), Optional.empty(), 2);
    assertThat(shown)
        .extracting(OpenConnection::id)
        .containsExactly(new UUID(0, 2), new UUID(0, 3));
    OpenConnection first = shown.getFirst();
    assertThat(first.service()).isEqualTo("alice/chat");
    assertThat(first.project()).isEmpty();
    assertThat(first.user()).isEqualTo(bob.handle());
    assertThat(first.counts()).isEqualTo(new ConnectionCounts(7, 6, 70, 49));
    assertThat(first.node()).isEqualTo("one");
    assertThat(shown.getLast().project()).contains("alice/p");
    assertThat(
            store()
                .list(
                    all(),
                    Optional.of(new TimeCursor(shown.getLast().since(), shown.getLast().id())),
                    2))
        .extracting(OpenConnection::id)
        .containsExactly(new UUID(0, 1));
    assertThat(ids(own(bob))).containsExactly(2L, 3L);
    assertThat(
            ids(
                new Question(
                    bob.id(),
                    Optional.empty(),
                    Optional.of(bob.id()),
                    Optional.of(project.id().value()))))
        .containsExactly(3L);

    assertThat(
            store()
                .report(
                    ONE,
                    "one",
                    List.of(connection(1, alice, false, 11, 9)),
                    List.of(new UUID(0, 2), new UUID(0, 3))))
        .isEmpty();
    assertThat(store().list(own(alice), Optional.empty(), 9))
        .extracting(each -> each.counts().messages())
        .containsExactly(9L);
    assertThat(store().removeOld()).isZero();
  }

  @Test
  void whoever_sees_a_connection_ends_it_and_its_node_learns_of_that() {
    store()
        .report(
            ONE,
            "one",
            List.of(connection(1, alice, false, 2, 1), connection(2, bob, false, 1, 1)),
            List.of());

    assertThat(store().end(new UUID(0, 9), all())).isFalse();
    assertThat(store().end(new UUID(0, 1), own(bob))).isFalse();
    assertThat(store().end(new UUID(0, 2), own(bob))).isTrue();
    assertThat(store().end(new UUID(0, 2), own(bob))).isTrue();

    assertThat(store().report(OTHER, "other", List.of(), List.of(new UUID(0, 9)))).isEmpty();
    assertThat(store().report(ONE, "one", List.of(connection(2, bob, false, 3, 2)), List.of()))
        .containsExactly(new UUID(0, 2));
    assertThat(store().report(ONE, "one", List.of(connection(2, bob, false, 3, 2)), List.of(ONE)))
        .containsExactly(new UUID(0, 2));
    boolean unused =
        store().report(ONE, "one", List.of(), List.of(new UUID(0, 2))).contains(new UUID(0, 2));
    assertThat(store().report(ONE, "one", List.of(), List.of(ONE))).isEmpty();
    assertThat(ids(all())).containsExactly(1L);
  }
}
