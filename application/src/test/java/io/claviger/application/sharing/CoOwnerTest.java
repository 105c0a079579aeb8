package io.claviger.application.sharing;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.shared.Outcome;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A co-owner can give shares within the limits of their own, and these end with it. */
class CoOwnerTest {
  private final SharingFixture s = new SharingFixture();

  @ParameterizedTest
  @EnumSource(
      value = Role.class,
      names = {"READER", "WRITER"})
  void a_co_owner_gives_reader_and_writer_shares(Role role) {
    bobHas(SharingFixture.as(Role.OWNER));

    assertThat(s.share(s.bob, s.carol, SharingFixture.as(role))).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void a_co_owner_gives_no_ownership() {
    bobHas(SharingFixture.resharable(Role.OWNER));

    assertRefused(SharingFixture.as(Role.OWNER));
  }

  @Test
  void a_co_owner_gives_no_share_that_outlasts_their_own() {
    bobHas(SharingFixture.until(Role.OWNER, s.later));

    assertRefused(SharingFixture.until(Role.READER, s.later.plusSeconds(1)));
  }

  @Test
  void a_co_owner_whose_share_ends_gives_none_without_end() {
    bobHas(SharingFixture.until(Role.OWNER, s.later));

    assertRefused(SharingFixture.as(Role.READER));
  }

  @Test
  void a_co_owner_gives_a_share_that_lasts_as_long_as_their_own() {
    bobHas(SharingFixture.until(Role.OWNER, s.later));

    assertThat(s.share(s.bob, s.carol, SharingFixture.until(Role.READER, s.later)))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void a_co_owner_gives_no_wider_limits_than_their_own() {
    bobHas(SharingFixture.limited(Role.OWNER, 10));

    assertRefused(SharingFixture.limited(Role.READER, 11));
    assertRefused(SharingFixture.as(Role.READER));
  }

  @Test
  void a_co_owner_gives_limits_like_their_own() {
    bobHas(SharingFixture.limited(Role.OWNER, 10));

    assertThat(s.share(s.bob, s.carol, SharingFixture.limited(Role.READER, 10)))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void who_holds_no_may_reshare_cannot_give_it() {
    bobHas(SharingFixture.as(Role.OWNER));

    assertRefused(SharingFixture.resharable(Role.READER));
  }

  @Test
  void who_holds_may_reshare_can_give_it() {
    bobHas(SharingFixture.resharable(Role.OWNER));

    assertThat(s.share(s.bob, s.carol, SharingFixture.resharable(Role.READER)))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void a_co_owner_does_not_change_their_own_share() {
    bobHas(SharingFixture.as(Role.OWNER));

    assertThat(because(s.share(s.bob, s.bob, SharingFixture.as(Role.READER))))
        .isEqualTo("forbidden");
  }

  @Test
  void a_co_owner_does_not_change_another_co_owners_share() {
    bobHas(SharingFixture.as(Role.OWNER));
    Share unused = s.given(s.alice, s.carol, SharingFixture.as(Role.OWNER));

    assertRefused(SharingFixture.as(Role.READER));
    assertThat(s.of(s.carol).orElseThrow().terms().role()).isEqualTo(Role.OWNER);
  }

  @Test
  void a_co_owner_changes_a_share_that_somebody_else_gave() {
    bobHas(SharingFixture.as(Role.OWNER));
    Share unused = s.given(s.alice, s.carol, SharingFixture.as(Role.READER));

    assertThat(s.share(s.bob, s.carol, SharingFixture.as(Role.WRITER)))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void a_co_owner_does_not_widen_the_limits_of_a_share_that_somebody_else_gave() {
    bobHas(SharingFixture.as(Role.OWNER));
    Share unused = s.given(s.alice, s.carol, SharingFixture.limited(Role.READER, 10));

    assertRefused(SharingFixture.limited(Role.READER, 11));
    assertRefused(SharingFixture.as(Role.READER));
    assertThat(s.share(s.bob, s.carol, SharingFixture.limited(Role.WRITER, 9)))
        .isInstanceOf(Outcome.Done.class);
    assertThat(s.share(s.bob, s.carol, SharingFixture.as(Role.READER)))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void a_co_owner_whose_share_has_expired_gives_nothing() {
    bobHas(SharingFixture.until(Role.OWNER, s.later));
    s.w.claviger.clock().set(s.later);

    assertThat(because(s.share(s.bob, s.carol, SharingFixture.until(Role.READER, s.later))))
        .isEqualTo("not_found");
  }

  @Test
  void what_a_co_owner_gave_ends_with_their_share() {
    bobGaveCarol(SharingFixture.as(Role.OWNER), SharingFixture.as(Role.READER));

    Outcome<GranteeName> unused = s.end(s.alice, s.bob);

    assertThat(s.of(s.carol)).isEmpty();
  }

  @Test
  void what_a_co_owner_gave_ends_when_they_leave() {
    bobGaveCarol(SharingFixture.as(Role.OWNER), SharingFixture.as(Role.READER));

    Outcome<GranteeName> unused = s.end(s.bob, s.bob);

    assertThat(s.of(s.carol)).isEmpty();
  }

  @Test
  void what_a_co_owner_gave_ends_when_their_share_is_lowered() {
    bobGaveCarol(SharingFixture.as(Role.OWNER), SharingFixture.as(Role.READER));

    bobHas(SharingFixture.as(Role.WRITER));

    assertThat(s.of(s.carol)).isEmpty();
  }

  @Test
  void what_outlasts_a_shortened_share_ends() {
    bobGaveCarol(SharingFixture.as(Role.OWNER), SharingFixture.as(Role.READER));

    bobHas(SharingFixture.until(Role.OWNER, s.later));

    assertThat(s.of(s.carol)).isEmpty();
  }

  @Test
  void what_still_fits_a_shortened_share_stays() {
    bobGaveCarol(SharingFixture.as(Role.OWNER), SharingFixture.until(Role.READER, s.later));

    bobHas(SharingFixture.until(Role.OWNER, s.later));

    assertThat(s.of(s.carol)).isPresent();
  }

  @Test
  void what_exceeds_lowered_limits_ends() {
    bobGaveCarol(SharingFixture.limited(Role.OWNER, 10), SharingFixture.limited(Role.READER, 10));

    bobHas(SharingFixture.limited(Role.OWNER, 9));

    assertThat(s.of(s.carol)).isEmpty();
  }

  @Test
  void may_reshare_ends_where_the_co_owner_loses_it() {
    bobGaveCarol(SharingFixture.resharable(Role.OWNER), SharingFixture.resharable(Role.READER));

    bobHas(SharingFixture.as(Role.OWNER));

    assertThat(s.of(s.carol)).isEmpty();
  }

  @Test
  void what_the_owning_user_gave_stays_when_a_co_owner_goes() {
    bobHas(SharingFixture.as(Role.OWNER));
    Share unused = s.given(s.alice, s.carol, SharingFixture.as(Role.READER));

    Outcome<GranteeName> unusedToo = s.end(s.alice, s.bob);

    assertThat(s.of(s.carol)).isPresent();
  }

  @Test
  void what_the_owning_user_gives_anew_no_longer_depends_on_the_co_owner() {
    bobGaveCarol(SharingFixture.as(Role.OWNER), SharingFixture.as(Role.READER));
    Share unused = s.given(s.alice, s.carol, SharingFixture.as(Role.READER));

    Outcome<GranteeName> unusedToo = s.end(s.alice, s.bob);

    assertThat(s.of(s.carol)).isPresent();
  }

  @Test
  void each_share_that_ends_with_another_is_on_record() {
    bobGaveCarol(SharingFixture.as(Role.OWNER), SharingFixture.as(Role.READER));

    Outcome<GranteeName> unused = s.end(s.alice, s.bob);

    assertThat(s.w.recorded())
        .containsExactly(
            "service.unshare done alice/s [carol]", "service.unshare done alice/s [bob]");
  }

  @Test
  void each_share_that_no_longer_fits_is_on_record() {
    bobGaveCarol(SharingFixture.as(Role.OWNER), SharingFixture.as(Role.READER));

    Share unused = SharingFixture.shared(s.share(s.alice, s.bob, SharingFixture.as(Role.READER)));

    assertThat(s.w.recorded())
        .containsExactly(
            "service.unshare done alice/s [carol]", "service.share done alice/s [bob]");
  }

  private void bobHas(Share.Terms terms) {
    Share unused = s.given(s.alice, s.bob, terms);
  }

  private void bobGaveCarol(Share.Terms bobs, Share.Terms carols) {
    bobHas(bobs);
    Share unused = s.given(s.bob, s.carol, carols);
  }

  private void assertRefused(Share.Terms terms) {
    assertThat(because(s.share(s.bob, s.carol, terms))).isEqualTo("forbidden");
  }
}
