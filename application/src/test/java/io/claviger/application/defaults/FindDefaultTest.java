package io.claviger.application.defaults;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.port.SecretChange;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.EffectiveDefault;
import io.claviger.domain.instances.EffectiveDefault.Source;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Share;
import org.junit.jupiter.api.Test;

class FindDefaultTest {
  private final Wiring w = new Wiring();
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");
  private final Instance own = w.stored(AnInstance.of(alice, "own").build());
  private final Instance systems = w.stored(AnInstance.systemLevel("common").build());

  @Test
  void the_own_choice_goes_before_the_systems() {
    choose(alice.id(), own);
    choose(User.Id.SYSTEM, systems);

    assertThat(effective(w.as(alice))).isEqualTo(new EffectiveDefault(own.ref(), Source.OWN));
  }

  @Test
  void who_chose_nothing_has_the_systems() {
    choose(User.Id.SYSTEM, systems);

    assertThat(effective(w.as(alice)))
        .isEqualTo(new EffectiveDefault(systems.ref(), Source.SYSTEM));
  }

  @Test
  void where_nobody_chose_there_is_none() {
    assertThat(because(find(w.as(alice), alice.handle()))).isEqualTo("not_found");
  }

  @Test
  void the_systems_stands_in_while_the_own_one_is_disabled_and_no_longer() {
    choose(alice.id(), own);
    choose(User.Id.SYSTEM, systems);

    update(AnInstance.of(alice, "own").id(own.id()).disabled().build());
    assertThat(effective(w.as(alice)).source()).isEqualTo(Source.SYSTEM);

    update(own);
    assertThat(effective(w.as(alice)).source()).isEqualTo(Source.OWN);
  }

  @Test
  void the_systems_stands_in_while_the_own_one_can_not_be_used() {
    Share unused = w.stored(own, AShare.with(bob).build());
    choose(bob.id(), own);
    choose(User.Id.SYSTEM, systems);
    assertThat(effective(w.as(bob)).source()).isEqualTo(Source.OWN);

    w.claviger.shares().delete(own.id(), bob.id());

    assertThat(effective(w.as(bob)).source()).isEqualTo(Source.SYSTEM);
  }

  @Test
  void a_choice_ends_to_hold_with_the_share_it_rests_on() {
    Share unused = w.stored(own, AShare.with(bob).expiresAt(w.claviger.clock().instant()).build());
    choose(bob.id(), own);

    assertThat(because(find(w.as(bob), bob.handle()))).isEqualTo("not_found");
  }

  @Test
  void a_disabled_choice_of_the_system_is_none() {
    choose(User.Id.SYSTEM, systems);
    update(AnInstance.systemLevel("common").id(systems.id()).disabled().build());

    assertThat(because(find(w.as(alice), alice.handle()))).isEqualTo("not_found");
  }

  @Test
  void nobody_is_told_of_anothers() {
    choose(alice.id(), own);

    assertThat(because(find(w.as(bob), alice.handle()))).isEqualTo("not_found");
    assertThat(because(find(w.as(root), alice.handle()))).isEqualTo("not_found");
    assertThat(because(find(w.as(bob), new Handle("nobody")))).isEqualTo("not_found");
  }

  @Test
  void an_administrator_is_told_of_the_systems_alone_whatever_they_chose_themselves() {
    Instance roots = w.stored(AnInstance.of(root, "r").build());
    choose(root.id(), roots);
    assertThat(because(find(w.as(root), Handle.SYSTEM))).isEqualTo("not_found");

    choose(User.Id.SYSTEM, systems);

    assertThat(effective(find(w.as(root), Handle.SYSTEM)))
        .isEqualTo(new EffectiveDefault(systems.ref(), Source.SYSTEM));
    assertThat(because(find(w.as(alice), Handle.SYSTEM))).isEqualTo("not_found");
    assertThat(because(find(w.using(root), Handle.SYSTEM))).isEqualTo("not_found");
  }

  @Test
  void a_token_that_only_uses_is_told() {
    choose(alice.id(), own);

    assertThat(effective(w.using(alice)).service()).isEqualTo(own.ref());
  }

  @Test
  void a_restricted_token_is_told_of_its_own_service_alone() {
    choose(alice.id(), own);
    choose(User.Id.SYSTEM, systems);
    Instance other = w.stored(AnInstance.of(alice, "other").build());

    assertThat(effective(restricted(own)).source()).isEqualTo(Source.OWN);
    assertThat(effective(restricted(systems)).source()).isEqualTo(Source.SYSTEM);
    assertThat(because(find(restricted(other), alice.handle()))).isEqualTo("not_found");
  }

  @Test
  void a_service_says_whether_it_is_the_callers_own_choice() {
    choose(alice.id(), systems);
    choose(User.Id.SYSTEM, systems);

    assertThat(isDefault(alice, systems)).isTrue();
    assertThat(isDefault(alice, own)).isFalse();
    assertThat(isDefault(bob, systems)).isFalse();
  }

  private boolean isDefault(User user, Instance service) {
    Outcome<InstanceView> outcome = w.instances.find(w.as(user), service.ref());
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow().isDefault();
  }

  private Actor restricted(Instance to) {
    return w.with(alice, AToken.of(alice).onlyFor(to).build());
  }

  private void choose(User.Id user, Instance service) {
    boolean unused = w.claviger.defaultServices().choose(user, service.id());
  }

  private void update(Instance service) {
    w.claviger.instances().update(service, new SecretChange.Keep(), new SecretChange.Keep());
  }

  private Outcome<EffectiveDefault> find(Actor actor, Handle user) {
    return w.defaults.find(actor, user);
  }

  private EffectiveDefault effective(Actor actor) {
    return effective(find(actor, actor.handle()));
  }

  private static EffectiveDefault effective(Outcome<EffectiveDefault> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow();
  }
}
