package io.claviger.application.defaults;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.defaults.DefaultServices.ChosenDefault;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.instances.EffectiveDefault;
import io.claviger.domain.instances.EffectiveDefault.Source;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.Share;
import org.junit.jupiter.api.Test;

class ChooseDefaultTest {
  private static final Handle SYSTEM = Handle.SYSTEM;

  private final Wiring w = new Wiring();
  private final User root = w.administrator("root");
  private final User alice = w.user("alice");
  private final User bob = w.user("bob");
  private final Instance own = w.stored(AnInstance.of(alice, "own").build());
  private final Instance disabled = w.stored(AnInstance.of(alice, "disabled").disabled().build());
  private final Instance bobs = w.stored(AnInstance.of(bob, "b").build());
  private final Instance systems = w.stored(AnInstance.systemLevel("common").build());

  @Test
  void a_user_chooses_any_service_that_they_can_use() {
    Share unused = w.stored(bobs, AShare.with(alice).build());

    for (Instance usable : new Instance[] {own, systems, bobs}) {
      assertThat(chosen(choose(w.as(alice), alice.handle(), usable)).effective())
          .isEqualTo(new EffectiveDefault(usable.ref(), Source.OWN));
    }
  }

  @Test
  void another_choice_takes_the_place_of_the_first() {
    assertThat(chosen(choose(w.as(alice), alice.handle(), own)).created()).isTrue();
    assertThat(chosen(choose(w.as(alice), alice.handle(), systems)).created()).isFalse();
    assertThat(
            w.claviger
                .defaultServices()
                .choicesFor(alice.id(), w.claviger.clock().instant())
                .own()
                .orElseThrow()
                .instance())
        .isEqualTo(systems);
  }

  @Test
  void a_service_that_is_disabled_is_none() {
    assertThat(because(choose(w.as(alice), alice.handle(), disabled)))
        .isEqualTo("/service service_disabled");
  }

  @Test
  void one_that_does_not_exist_cannot_be_seen_or_not_be_used_is_told_in_the_same_words() {
    Outcome<ChosenDefault> unseen = choose(w.as(alice), alice.handle(), bobs);

    assertThat(because(unseen)).isEqualTo("/service unknown_reference");
    assertThat(choose(w.as(alice), alice.handle(), AnInstance.of(bob, "none").build()))
        .isEqualTo(unseen);
    assertThat(because(choose(w.as(root), root.handle(), bobs)))
        .isEqualTo("/service unknown_reference");
  }

  @Test
  void a_share_that_ended_makes_nothing_usable() {
    Share unused =
        w.stored(bobs, AShare.with(alice).expiresAt(w.claviger.clock().instant()).build());

    assertThat(because(choose(w.as(alice), alice.handle(), bobs)))
        .isEqualTo("/service unknown_reference");
  }

  @Test
  void nobody_chooses_for_another_whether_or_not_they_exist() {
    assertThat(because(choose(w.as(alice), bob.handle(), systems))).isEqualTo("not_found");
    assertThat(because(choose(w.as(root), bob.handle(), systems))).isEqualTo("not_found");
    assertThat(because(choose(w.as(alice), new Handle("nobody"), systems))).isEqualTo("not_found");
    assertThat(because(choose(w.as(alice), SYSTEM, systems))).isEqualTo("not_found");
  }

  @Test
  void an_administrator_chooses_the_systems() {
    assertThat(chosen(choose(w.as(root), SYSTEM, systems)).effective())
        .isEqualTo(new EffectiveDefault(systems.ref(), Source.SYSTEM));
  }

  @Test
  void the_systems_is_a_system_level_one() {
    Instance roots = w.stored(AnInstance.of(root, "r").build());

    assertThat(because(choose(w.as(root), SYSTEM, roots))).isEqualTo("/service not_allowed");
  }

  @Test
  void a_token_that_only_uses_chooses_nothing() {
    assertThat(because(choose(w.using(alice), alice.handle(), own))).isEqualTo("forbidden");
    assertThat(because(choose(w.using(root), SYSTEM, systems))).isEqualTo("forbidden");
    assertThat(
            because(
                choose(w.with(alice, AToken.of(alice).onlyFor(own).build()), alice.handle(), own)))
        .isEqualTo("forbidden");
  }

  @Test
  void choosing_and_forgetting_are_on_record_for_who_they_are_for() {
    Outcome<ChosenDefault> first = choose(w.as(alice), alice.handle(), own);
    Outcome<ChosenDefault> second = choose(w.as(alice), alice.handle(), systems);
    assertThat(w.defaults.forget(w.as(alice), alice.handle()))
        .isEqualTo(Outcome.done(alice.handle()));

    assertThat(first).isNotEqualTo(second);
    assertThat(w.recorded())
        .containsExactly(
            "default.create done alice [service]",
            "default.update done alice [service]",
            "default.delete done alice [service]");
    assertThat(w.events())
        .extracting(AuditEvent::target)
        .allSatisfy(t -> assertThat(t.owner()).contains(alice.id()));
  }

  @Test
  void a_refusal_is_on_record() {
    Outcome<ChosenDefault> unused = choose(w.as(alice), alice.handle(), disabled);

    assertThat(w.recorded()).containsExactly("default.update refused alice [service_disabled]");
  }

  @Test
  void what_is_forgotten_was_chosen() {
    DefaultServices defaults = w.defaults;
    assertThat(because(defaults.forget(w.as(alice), alice.handle()))).isEqualTo("not_found");
    assertThat(chosen(choose(w.as(alice), alice.handle(), own)).created()).isTrue();

    assertThat(because(defaults.forget(w.as(bob), alice.handle()))).isEqualTo("not_found");
    assertThat(because(defaults.forget(w.using(alice), alice.handle()))).isEqualTo("forbidden");
    assertThat(defaults.forget(w.as(alice), alice.handle()))
        .isEqualTo(Outcome.done(alice.handle()));
    assertThat(
            w.claviger.defaultServices().choicesFor(alice.id(), w.claviger.clock().instant()).own())
        .isEmpty();
  }

  @Test
  void the_systems_is_forgotten_by_administrators_alone() {
    assertThat(chosen(choose(w.as(root), SYSTEM, systems)).created()).isTrue();

    assertThat(because(w.defaults.forget(w.as(alice), SYSTEM))).isEqualTo("not_found");
    assertThat(w.defaults.forget(w.as(root), SYSTEM)).isEqualTo(Outcome.done(SYSTEM));
  }

  private Outcome<ChosenDefault> choose(Actor actor, Handle user, Instance service) {
    return w.defaults.choose(actor, user, service.ref());
  }

  private static ChosenDefault chosen(Outcome<ChosenDefault> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow();
  }
}
