package io.claviger.application.sharing;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.Seeds;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EndShareTest {
  private final SharingFixture s = new SharingFixture();

  @ParameterizedTest
  @EnumSource(Role.class)
  void the_owning_user_ends_any_share(Role role) {
    Share unused = s.given(s.alice, s.bob, SharingFixture.as(role));

    assertThat(s.end(s.alice, s.bob)).isInstanceOf(Outcome.Done.class);
    assertThat(s.of(s.bob)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void an_administrator_ends_any_share(Role role) {
    Share unused = s.given(s.alice, s.bob, SharingFixture.as(role));

    assertThat(s.end(s.root, s.bob)).isInstanceOf(Outcome.Done.class);
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void who_holds_a_share_leaves(Role role) {
    Share unused = s.given(s.alice, s.bob, SharingFixture.as(role));

    assertThat(s.end(s.bob, s.bob)).isInstanceOf(Outcome.Done.class);
    assertThat(s.of(s.bob)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Role.class,
      names = {"READER", "WRITER"})
  void readers_and_writers_end_nobody_elses(Role role) {
    Share unused = s.given(s.alice, s.bob, SharingFixture.as(role));
    Share unusedToo = s.given(s.alice, s.carol, SharingFixture.as(Role.READER));

    assertThat(because(s.end(s.bob, s.carol))).isEqualTo("forbidden");
    assertThat(s.of(s.carol)).isPresent();
  }

  @Test
  void a_co_owner_ends_reader_and_writer_shares() {
    Share unused = s.given(s.alice, s.bob, SharingFixture.as(Role.OWNER));
    Share unusedToo = s.given(s.alice, s.carol, SharingFixture.as(Role.WRITER));

    assertThat(s.end(s.bob, s.carol)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void a_co_owner_ends_no_other_co_owners_share() {
    Share unused = s.given(s.alice, s.bob, SharingFixture.as(Role.OWNER));
    Share unusedToo = s.given(s.alice, s.carol, SharingFixture.as(Role.OWNER));

    assertThat(because(s.end(s.bob, s.carol))).isEqualTo("forbidden");
  }

  @Test
  void an_expired_share_can_be_ended() {
    Share unused = s.given(s.alice, s.bob, SharingFixture.until(Role.READER, Seeds.SEEDED_AT));

    assertThat(s.end(s.alice, s.bob)).isInstanceOf(Outcome.Done.class);
    assertThat(s.of(s.bob)).isEmpty();
  }

  @Test
  void whose_share_has_expired_can_end_it() {
    Share unused = s.given(s.alice, s.bob, SharingFixture.until(Role.READER, Seeds.SEEDED_AT));

    assertThat(s.end(s.bob, s.bob)).isInstanceOf(Outcome.Done.class);
    assertThat(s.of(s.bob)).isEmpty();
  }

  @Test
  void an_expired_share_ends_nobody_elses() {
    Share unused = s.given(s.alice, s.bob, SharingFixture.until(Role.OWNER, Seeds.SEEDED_AT));
    Share unusedToo = s.given(s.alice, s.carol, SharingFixture.as(Role.READER));

    assertThat(because(s.end(s.bob, s.carol))).isEqualTo("not_found");
    assertThat(s.of(s.carol)).isPresent();
  }

  @Test
  void ending_what_is_not_there_is_no_error() {
    assertThat(s.end(s.alice, s.bob)).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void ending_the_share_of_nobody_is_no_error() {
    assertThat(
            s.w.sharing.end(
                s.w.as(s.alice),
                s.service.ref(),
                GranteeName.user(new Handle("nobody")),
                Precondition.NONE))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void ending_what_is_not_there_is_not_on_record() {
    Outcome<GranteeName> unused = s.end(s.alice, s.bob);

    assertThat(s.w.recorded()).isEmpty();
  }

  @Test
  void an_invisible_service_is_not_there() {
    assertThat(because(s.end(s.bob, s.carol))).isEqualTo("not_found");
  }

  @Test
  void who_has_left_no_longer_sees_the_service() {
    Share unused = s.given(s.alice, s.bob, SharingFixture.as(Role.READER));
    Outcome<GranteeName> unusedToo = s.end(s.bob, s.bob);

    assertThat(because(s.end(s.bob, s.bob))).isEqualTo("not_found");
  }

  @Test
  void there_is_nothing_to_leave_where_everybody_reads() {
    Outcome<GranteeName> outcome =
        s.w.sharing.end(
            s.w.as(s.bob), s.systems.ref(), GranteeName.user(s.bob.handle()), Precondition.NONE);

    assertThat(because(outcome)).isEqualTo("forbidden");
  }

  @Test
  void a_version_that_no_longer_stands_is_refused() {
    Share unused = s.given(s.alice, s.bob, SharingFixture.as(Role.READER));

    assertThat(
            because(
                s.w.sharing.end(
                    s.w.as(s.alice),
                    s.service.ref(),
                    GranteeName.user(s.bob.handle()),
                    Precondition.version(3))))
        .isEqualTo("precondition_failed");
  }

  @Test
  void a_token_of_scope_use_ends_nothing() {
    Share unused = s.given(s.alice, s.bob, SharingFixture.as(Role.READER));

    assertThat(
            because(
                s.w.sharing.end(
                    s.w.using(s.bob),
                    s.service.ref(),
                    GranteeName.user(s.bob.handle()),
                    Precondition.NONE)))
        .isEqualTo("forbidden");
  }

  @Test
  void an_end_is_on_record_with_whose_share_it_was() {
    Share unused = s.given(s.alice, s.bob, SharingFixture.as(Role.READER));
    Outcome<GranteeName> unusedToo = s.end(s.alice, s.bob);

    assertThat(s.w.recorded()).containsExactly("service.unshare done alice/s [bob]");
  }

  @Test
  void a_refusal_is_on_record() {
    Outcome<GranteeName> unused = s.end(s.bob, s.carol);

    assertThat(s.w.recorded()).containsExactly("service.unshare refused alice/s [not_found]");
  }
}
