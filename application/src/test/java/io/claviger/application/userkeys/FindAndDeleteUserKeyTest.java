package io.claviger.application.userkeys;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who can find a user's own key, and who can delete it. */
class FindAndDeleteUserKeyTest {
  private final UserKeyFixture h = new UserKeyFixture();
  private final Wiring w = h.w;

  @BeforeEach
  void store() {
    assertThat(UserKeyFixture.stored(h.store(h.bob)).created()).isTrue();
    w.forget();
  }

  @Test
  void a_user_finds_when_they_stored_theirs() {
    assertThat(UserKeyFixture.found(h.find(w.as(h.bob))).orElseThrow().setAt())
        .isEqualTo(w.claviger.clock().instant());
  }

  @Test
  void nobody_else_is_told_of_it_not_even_the_owning_user() {
    assertThat(UserKeyFixture.found(h.find(w.as(h.alice)))).isEmpty();
    assertThat(because(h.find(w.as(h.carol)))).isEqualTo("not_found");
    assertThat(because(h.find(w.as(h.root)))).isEqualTo("forbidden");
  }

  @Test
  void a_token_that_only_uses_finds_it() {
    assertThat(UserKeyFixture.found(h.find(w.using(h.bob)))).isPresent();
    assertThat(because(h.find(w.using(h.root)))).isEqualTo("not_found");
  }

  @Test
  void a_restricted_token_finds_it_at_its_own_service_alone() {
    Instance other = w.stored(AnInstance.of(h.bob, "other").build());

    assertThat(UserKeyFixture.found(h.find(restricted(h.service)))).isPresent();
    assertThat(because(h.find(restricted(other)))).isEqualTo("not_found");
  }

  @Test
  void a_user_deletes_theirs() {
    assertThat(h.delete(w.as(h.bob))).isInstanceOf(Outcome.Done.class);

    assertThat(UserKeyFixture.found(h.find(w.as(h.bob)))).isEmpty();
  }

  @Test
  void to_delete_none_is_no_error() {
    assertThat(h.delete(w.as(h.bob))).isInstanceOf(Outcome.Done.class);
    assertThat(h.delete(w.as(h.bob))).isInstanceOf(Outcome.Done.class);
    assertThat(h.delete(w.as(h.alice))).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void nobody_deletes_anothers() {
    for (User other : new User[] {h.alice, h.carol, h.root}) {
      Outcome<Instance.Ref> unused = h.delete(w.as(other));
    }

    assertThat(h.keys.has(h.service, h.bob)).isTrue();
  }

  @Test
  void who_may_not_use_the_service_and_has_no_key_is_told_no_more_than_otherwise() {
    assertThat(because(h.delete(w.as(h.carol)))).isEqualTo("not_found");
    assertThat(because(h.delete(w.as(h.root)))).isEqualTo("forbidden");
  }

  @Test
  void who_lost_the_service_can_still_take_their_key_away() {
    w.claviger.shares().delete(h.service.id(), h.bob.id());

    assertThat(because(h.find(w.as(h.bob)))).isEqualTo("not_found");
    assertThat(h.delete(w.as(h.bob))).isInstanceOf(Outcome.Done.class);
    assertThat(h.keys.has(h.service, h.bob)).isFalse();
    assertThat(because(h.delete(w.as(h.bob)))).isEqualTo("not_found");
  }

  @Test
  void a_token_that_only_uses_deletes_nothing() {
    assertThat(because(h.delete(w.using(h.bob)))).isEqualTo("forbidden");
    assertThat(because(h.delete(restricted(h.service)))).isEqualTo("forbidden");
    assertThat(h.keys.has(h.service, h.bob)).isTrue();
  }

  private Actor restricted(Instance to) {
    return w.with(h.bob, AToken.of(h.bob).onlyFor(to).build());
  }
}
