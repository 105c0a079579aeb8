package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.routing.port.BareNameStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link BareNameStore} promises. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class BareNamesContract extends TwoUsersContract {
  private Instance service;

  @BeforeEach
  void fill() {
    service = stored(AnInstance.of(alice, "one").build());
    shared(service, AShare.with(bob).build(), alice);
    ports.accessTokens().save(AToken.of(bob).build(), hash(1));
  }

  @Test
  void an_acceptance_stays_until_it_is_withdrawn() {
    assertThat(ports.bareNames().accept(service.id(), bob.id(), Optional.empty(), NOW)).isTrue();
    assertThat(ports.bareNames().accept(service.id(), bob.id(), Optional.empty(), NOW)).isFalse();
    assertThat(accepted()).isTrue();

    assertThat(ports.bareNames().withdraw(service.id(), bob.id())).isTrue();
    assertThat(ports.bareNames().withdraw(service.id(), bob.id())).isFalse();
    assertThat(accepted()).isFalse();
  }

  @Test
  void an_acceptance_is_withdrawn_by_one_user_for_one_service() {
    User carol = user("carol");
    Instance other = stored(AnInstance.of(alice, "two").build());
    shared(other, AShare.with(bob).build(), alice);
    shared(service, AShare.with(carol).build(), alice);
    accept(service, bob);
    accept(service, carol);
    accept(other, bob);

    assertThat(ports.bareNames().withdraw(service.id(), bob.id())).isTrue();

    assertThat(ports.bareNames().isAccepted(service.id(), bob.id())).isFalse();
    assertThat(ports.bareNames().isAccepted(service.id(), carol.id())).isTrue();
    assertThat(ports.bareNames().isAccepted(other.id(), bob.id())).isTrue();
  }

  @Test
  void nobody_accepts_without_a_share() {
    assertLost(
        REFERENCE_GONE,
        () -> ports.bareNames().accept(service.id(), alice.id(), Optional.empty(), NOW));
  }

  @Test
  void an_acceptance_ends_with_the_share_and_does_not_come_back() {
    boolean accepted = ports.bareNames().accept(service.id(), bob.id(), Optional.empty(), NOW);
    boolean ended = ports.shares().delete(service.id(), bob.id());
    shared(service, AShare.with(bob).build(), alice);

    assertThat(accepted && ended).isTrue();
    assertThat(accepted()).isFalse();
  }

  @Test
  void an_acceptance_ends_with_the_service_and_with_the_user() {
    boolean accepted = ports.bareNames().accept(service.id(), bob.id(), Optional.empty(), NOW);
    ports.instances().delete(service.id());
    assertThat(ports.bareNames().withdraw(service.id(), bob.id())).isFalse();

    Instance other = stored(AnInstance.of(alice, "two").build());
    shared(other, AShare.with(bob).build(), alice);
    boolean again = ports.bareNames().accept(other.id(), bob.id(), Optional.empty(), NOW);
    ports.users().delete(bob.id());
    assertThat(ports.bareNames().withdraw(other.id(), bob.id())).isFalse();
    assertThat(accepted && again).isTrue();
  }

  private void accept(Instance accepted, User user) {
    assertThat(ports.bareNames().accept(accepted.id(), user.id(), Optional.empty(), NOW)).isTrue();
  }

  private boolean accepted() {
    boolean accepted = routed().get(0).choice().accepted();
    assertThat(ports.bareNames().isAccepted(service.id(), bob.id())).isEqualTo(accepted);
    assertThat(ports.bareNames().isAccepted(service.id(), alice.id())).isFalse();
    return accepted;
  }
}
