package io.claviger.application.contracts;

import static io.claviger.application.shared.ConcurrencyConflict.How.REFERENCE_GONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.builders.Seen;
import io.claviger.application.defaults.port.DefaultServiceStore;
import io.claviger.application.defaults.port.DefaultServiceStore.Choices;
import io.claviger.application.instances.port.InstanceStore.VisibleInstance;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.keys.SealedKeys;
import io.claviger.domain.keys.SealedValue;
import io.claviger.domain.sharing.Share;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link DefaultServiceStore} promises. */
@SuppressWarnings("NullAway.Init") // set before each test
public abstract class DefaultServicesContract extends TwoUsersContract {
  private static final Choices NONE = new Choices(none(), none());

  private Instance alices;
  private Instance systems;

  @BeforeEach
  void fill() {
    alices = stored(AnInstance.of(alice, "one").build());
    systems = stored(AnInstance.systemLevel("common").build());
  }

  @Test
  void who_chose_nothing_has_nothing_chosen() {
    assertThat(ports.defaultServices().choicesFor(alice.id(), NOW)).isEqualTo(NONE);
    assertThat(ports.defaultServices().choicesFor(User.Id.SYSTEM, NOW)).isEqualTo(NONE);
  }

  @Test
  void a_choice_is_the_users_alone() {
    assertThat(ports.defaultServices().choose(alice.id(), alices.id())).isTrue();

    assertThat(ports.defaultServices().choicesFor(alice.id(), NOW))
        .isEqualTo(new Choices(chosen(alices), none()));
    assertThat(ports.defaultServices().choicesFor(bob.id(), NOW)).isEqualTo(NONE);
  }

  @Test
  void a_choice_comes_with_the_users_share_and_all_that_is_sealed_for_them() {
    Instance full = AnInstance.of(alice, "full").apiKeySetAt(NOW).headerNames("X-One").build();
    SealedValue key = sealed(full, "sk-0123456789");
    SealedValue headers = sealed(full, "X-One:secret");
    ports.instances().insert(full, replace(key), replace(headers));
    Share share =
        shared(full, AShare.with(bob).expiresAt(NOW.minusSeconds(1)).givenBy(alice).build(), alice);
    SealedValue own = userKey(full, bob);
    choose(bob.id(), full);

    assertThat(ports.defaultServices().choicesFor(bob.id(), NOW).own())
        .contains(
            Seen.of(
                full,
                Optional.of(share),
                new SealedKeys(Optional.of(key), Optional.of(headers), Optional.of(own)),
                true));
  }

  @Test
  void another_choice_takes_the_place_of_the_first() {
    choose(alice.id(), alices);

    assertThat(ports.defaultServices().choose(alice.id(), systems.id())).isFalse();

    assertThat(ports.defaultServices().choicesFor(alice.id(), NOW).own())
        .isEqualTo(chosen(systems));
  }

  @Test
  void the_systems_choice_is_shown_to_everybody_as_they_see_it() {
    choose(User.Id.SYSTEM, systems);
    SealedValue bobs = userKey(systems, bob);

    assertThat(ports.defaultServices().choicesFor(alice.id(), NOW))
        .isEqualTo(new Choices(none(), Optional.of(Seen.of(systems, none()))));
    assertThat(ports.defaultServices().choicesFor(bob.id(), NOW).system())
        .contains(Seen.of(systems, none(), ofUser(bobs), false));
  }

  @Test
  void own_and_system_choice_may_be_the_same() {
    choose(User.Id.SYSTEM, systems);
    choose(alice.id(), systems);

    assertThat(ports.defaultServices().choicesFor(alice.id(), NOW))
        .isEqualTo(new Choices(chosen(systems), chosen(systems)));
  }

  @Test
  void of_system_itself_the_systems_choice_is_the_own_one_too() {
    choose(User.Id.SYSTEM, systems);

    assertThat(ports.defaultServices().choicesFor(User.Id.SYSTEM, NOW))
        .isEqualTo(new Choices(chosen(systems), chosen(systems)));
  }

  @Test
  void the_system_chooses_no_users_service() {
    assertThatException().isThrownBy(() -> choose(User.Id.SYSTEM, alices));

    assertThat(ports.defaultServices().choicesFor(User.Id.SYSTEM, NOW)).isEqualTo(NONE);
  }

  @Test
  void a_choice_needs_its_service_and_its_user() {
    Instance gone = AnInstance.of(alice, "gone").build();
    User nobody = AUser.called("gone").build();

    assertLost(REFERENCE_GONE, () -> choose(alice.id(), gone));
    assertLost(REFERENCE_GONE, () -> choose(nobody.id(), systems));
  }

  @Test
  void what_is_forgotten_was_chosen() {
    choose(alice.id(), alices);
    choose(bob.id(), systems);

    assertThat(ports.defaultServices().forget(alice.id())).isTrue();
    assertThat(ports.defaultServices().forget(alice.id())).isFalse();

    assertThat(ports.defaultServices().choicesFor(alice.id(), NOW)).isEqualTo(NONE);
    assertThat(ports.defaultServices().choicesFor(bob.id(), NOW).own()).isEqualTo(chosen(systems));
  }

  @Test
  void a_choice_stays_while_its_service_is_disabled() {
    choose(alice.id(), alices);
    Instance disabled = AnInstance.of(alice, "one").id(alices.id()).disabled().build();

    ports.instances().update(disabled, KEEP, KEEP);

    assertThat(ports.defaultServices().choicesFor(alice.id(), NOW).own())
        .isEqualTo(chosen(disabled));
  }

  @Test
  void a_choice_stays_when_the_share_ends() {
    shared(alices, AShare.with(bob).build(), alice);
    choose(bob.id(), alices);

    ports.shares().delete(alices.id(), bob.id());

    assertThat(ports.defaultServices().choicesFor(bob.id(), NOW).own()).isEqualTo(chosen(alices));
  }

  @Test
  void choices_end_with_the_service() {
    choose(alice.id(), systems);
    choose(User.Id.SYSTEM, systems);
    choose(bob.id(), alices);

    ports.instances().delete(systems.id());

    assertThat(ports.defaultServices().choicesFor(alice.id(), NOW)).isEqualTo(NONE);
    assertThat(ports.defaultServices().choicesFor(bob.id(), NOW).own()).isEqualTo(chosen(alices));
  }

  @Test
  void a_choice_ends_with_its_user_and_with_the_owner_of_the_service() {
    choose(alice.id(), systems);
    choose(bob.id(), alices);

    ports.users().delete(alice.id());

    assertThat(ports.defaultServices().forget(alice.id())).isFalse();
    assertThat(ports.defaultServices().choicesFor(bob.id(), NOW)).isEqualTo(NONE);
  }

  @Test
  void a_service_is_seen_as_the_default_by_who_chose_it() {
    choose(alice.id(), systems);
    choose(User.Id.SYSTEM, systems);

    assertThat(ports.instances().find(systems.ref(), alice.id(), NOW)).isEqualTo(chosen(systems));
    assertThat(ports.instances().find(systems.id(), alice.id(), NOW)).isEqualTo(chosen(systems));
    assertThat(ports.instances().lock(systems.ref(), alice.id(), NOW)).isEqualTo(chosen(systems));
    assertThat(ports.instances().hold(systems.ref(), alice.id(), NOW)).isEqualTo(chosen(systems));
    assertThat(ports.instances().find(systems.id(), bob.id(), NOW))
        .contains(Seen.of(systems, none()));
    assertThat(ports.instances().find(alices.id(), alice.id(), NOW))
        .contains(Seen.of(alices, none()));
  }

  private void choose(User.Id user, Instance instance) {
    boolean unused = ports.defaultServices().choose(user, instance.id());
  }

  private static Optional<VisibleInstance> chosen(Instance instance) {
    return Optional.of(Seen.of(instance, none(), SealedKeys.NONE, true));
  }
}
