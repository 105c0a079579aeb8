package io.claviger.application.connections;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Outcomes;
import io.claviger.application.Wiring;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.connections.port.ConnectionStore.ConnectionCounts;
import io.claviger.application.connections.port.ConnectionStore.NodeConnection;
import io.claviger.application.connections.port.ConnectionStore.OpenConnection;
import io.claviger.application.fakes.InMemoryConnections;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.usage.UsageAccount;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Who sees the open connections of a service, and who ends them. */
class ServiceConnectionsTest {
  private final Wiring w = new Wiring();
  private final User root = w.administrator("root-2");
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");
  private final User carol = w.user("carol");
  private final User coOwner = w.user("co-owner");
  private final User stranger = w.user("stranger");
  private final Instance service = w.stored(AnInstance.of(alice, "s").build());
  private final Instance other = w.stored(AnInstance.of(alice, "t").build());
  private final InMemoryConnections store = new InMemoryConnections();
  private final ServiceConnections connections =
      ServiceConnections.of(w.claviger.instances(), store, w.changes);
  private final List<NodeConnection> open = new ArrayList<>();
  private final UUID ofBob = open(bob, service);
  private final UUID ofBobThere = open(bob, other);
  private final UUID ofCarol = open(carol, service);

  ServiceConnectionsTest() {
    w.stored(service, AShare.with(bob).build());
    w.stored(other, AShare.with(bob).build());
    w.stored(service, AShare.with(carol).role(Role.WRITER).build());
    w.stored(service, AShare.with(coOwner).role(Role.OWNER).build());
    store.report(new UUID(0, 1), "one", open, List.of());
  }

  private UUID open(User user, Instance to) {
    UUID id = w.claviger.ids().next();
    open.add(
        new NodeConnection(
            id,
            new UsageAccount(
                user.id(), user.handle(), to.id(), to.ref(), to.owner(), Optional.empty()),
            Duration.ZERO,
            new ConnectionCounts(0, 0, 0, 0)));
    return id;
  }

  @Test
  void those_who_may_share_a_service_see_the_connections_of_all_its_callers() {
    for (User user : List.of(alice, coOwner, root)) {
      assertThat(seen(w.as(user), service)).containsExactlyInAnyOrder(ofBob, ofCarol);
    }
  }

  @Test
  void borrowers_see_their_own_connections_and_strangers_none() {
    assertThat(seen(w.as(bob), service)).containsExactly(ofBob);
    assertThat(seen(w.as(carol), service)).containsExactly(ofCarol);
    assertThat(seen(w.using(bob), service)).containsExactly(ofBob);
    assertThat(because(w.as(stranger), service)).isEqualTo("not_found");
    assertThat(because(w.as(carol), other)).isEqualTo("not_found");
  }

  @Test
  void a_token_of_scope_use_shows_no_connections_of_others() {
    assertThat(seen(w.using(alice), service)).isEmpty();
    assertThat(seen(w.using(coOwner), service)).isEmpty();
    assertThat(because(w.using(root), service)).isEqualTo("not_found");
  }

  @Test
  void a_token_for_one_service_shows_connections_of_this_service_only() {
    Actor actor = w.with(bob, AToken.of(bob).onlyFor(service).build());

    assertThat(seen(actor, service)).containsExactly(ofBob);
    assertThat(because(actor, other)).isEqualTo("not_found");
    assertThat(ids(connections.listOwn(actor, PageRequest.first()))).containsExactly(ofBob);
    assertThat(ids(connections.listOwn(w.as(bob), PageRequest.first())))
        .containsExactlyInAnyOrder(ofBob, ofBobThere);
  }

  @Test
  void nobody_ends_a_connection_that_they_do_not_see() {
    assertThat(Outcomes.because(connections.end(w.as(bob), service.ref(), ofCarol)))
        .isEqualTo("not_found");
    assertThat(Outcomes.because(connections.endOwn(w.as(bob), ofCarol))).isEqualTo("not_found");
    assertThat(Outcomes.because(connections.end(w.as(alice), service.ref(), ofBobThere)))
        .isEqualTo("not_found");
    assertThat(Outcomes.because(connections.end(w.as(stranger), service.ref(), ofCarol)))
        .isEqualTo("not_found");
    assertThat(ended()).isEmpty();

    assertThat(Outcomes.done(connections.end(w.as(alice), service.ref(), ofCarol)))
        .isEqualTo(ofCarol);
    assertThat(Outcomes.done(connections.end(w.as(bob), service.ref(), ofBob))).isEqualTo(ofBob);
    assertThat(ended()).containsExactlyInAnyOrder(ofCarol, ofBob);
  }

  /** Returns the connections whose node is to end them. */
  private Iterable<UUID> ended() {
    return store.report(new UUID(0, 1), "one", open, List.of());
  }

  private List<UUID> seen(Actor actor, Instance to) {
    return ids(connections.list(actor, to.ref(), PageRequest.first()));
  }

  private String because(Actor actor, Instance to) {
    return Outcomes.because(connections.list(actor, to.ref(), PageRequest.first()));
  }

  private static List<UUID> ids(Outcome<Page<OpenConnection, TimeCursor>> listed) {
    return Outcomes.done(listed).items().stream().map(OpenConnection::id).toList();
  }
}
