package io.claviger.application.sharing;

import static io.claviger.application.Outcomes.because;
import static io.claviger.application.Outcomes.codes;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shares.GivenShare;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.sharing.Audience;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SharingTest {
  private final SharingFixture s = new SharingFixture();

  @ParameterizedTest
  @EnumSource(Role.class)
  void the_owning_user_gives_any_role(Role role) {
    assertThat(
            SharingFixture.shared(s.share(s.alice, s.bob, SharingFixture.as(role))).terms().role())
        .isEqualTo(role);
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void an_administrator_gives_any_role(Role role) {
    assertThat(s.share(s.root, s.bob, SharingFixture.as(role))).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void administrators_alone_lend_what_is_system_level_and_not_for_everybody() {
    Instance lent = s.w.stored(AnInstance.systemLevel("lent").audience(Audience.SHARED).build());

    assertThat(codes(share(s.root, s.systems, Role.READER))).containsExactly(" not_shareable");
    assertThat(codes(share(s.root, lent, Role.OWNER))).containsExactly("/role not_allowed");
    assertThat(because(share(s.alice, lent, Role.READER))).isEqualTo("not_found");
    assertThat(share(s.root, lent, Role.READER)).isInstanceOf(Outcome.Done.class);
    assertThat(share(s.root, lent, Role.WRITER)).isInstanceOf(Outcome.Done.class);
    assertThat(because(share(s.bob, lent, Role.READER))).isEqualTo("forbidden");
  }

  private Outcome<GivenShare> share(User actor, Instance service, Role role) {
    return s.w.sharing.share(
        s.w.as(actor),
        service.ref(),
        GranteeName.user(s.bob.handle()),
        Precondition.NONE,
        SharingFixture.as(role));
  }

  @Test
  void all_the_terms_are_kept() {
    Share.Terms terms =
        new Share.Terms(
            Role.WRITER,
            true,
            Optional.of(s.later),
            new Limits(
                Optional.of(5), Optional.of(Set.of(new ModelPattern("m"))), Optional.empty()));

    Share unused = SharingFixture.shared(s.share(s.alice, s.bob, terms));

    assertThat(s.of(s.bob).orElseThrow().terms()).isEqualTo(terms);
  }

  @Test
  void a_share_says_who_gave_it() {
    Share unused = s.given(s.alice, s.bob, SharingFixture.as(Role.READER));

    assertThat(s.of(s.bob).orElseThrow().givenBy()).contains(s.alice.handle());
  }

  @Test
  void what_the_owning_user_gives_depends_on_no_share() {
    assertThat(s.given(s.alice, s.bob, SharingFixture.as(Role.READER)).givenVia()).isEmpty();
  }

  @Test
  void an_expiry_may_lie_in_the_past() {
    assertThat(
            s.share(
                s.alice, s.bob, SharingFixture.until(Role.READER, Seeds.SEEDED_AT.minusSeconds(1))))
        .isInstanceOf(Outcome.Done.class);
  }

  @Test
  void the_version_of_a_new_share_begins_with_the_time_at_which_it_is_given() {
    GivenShare outcome = s.share(s.alice, s.bob, SharingFixture.as(Role.READER)).orThrow();

    assertThat(outcome.created()).isTrue();
    assertThat(outcome.share().version())
        .isEqualTo(Share.firstVersion(s.w.claviger.clock().instant()));
  }

  @Test
  void another_role_replaces_the_share() {
    Share first = s.given(s.alice, s.bob, SharingFixture.as(Role.READER));
    s.w.claviger.clock().advance(Duration.ofHours(1));

    GivenShare second = s.share(s.alice, s.bob, SharingFixture.as(Role.WRITER)).orThrow();

    assertThat(second.created()).isFalse();
    assertThat(second.share().version()).isEqualTo(first.version() + 1);
    assertThat(second.share().createdAt()).isEqualTo(first.createdAt());
    assertThat(s.of(s.bob).orElseThrow().terms().role()).isEqualTo(Role.WRITER);
  }

  @Test
  void another_bound_replaces_the_share() {
    Share unused = s.given(s.alice, s.bob, SharingFixture.limited(Role.READER, 5));

    assertThat(
            SharingFixture.shared(s.share(s.alice, s.bob, SharingFixture.as(Role.READER)))
                .terms()
                .limits())
        .isEqualTo(Limits.NONE);
  }

  @Test
  void the_same_again_counts_nothing_up_and_is_not_on_record() {
    Share first = s.given(s.alice, s.bob, SharingFixture.as(Role.READER));

    assertThat(SharingFixture.shared(s.share(s.alice, s.bob, SharingFixture.as(Role.READER))))
        .isEqualTo(first);
    assertThat(s.w.recorded()).isEmpty();
  }

  @Test
  void the_same_from_somebody_else_is_a_change() {
    Share first = s.given(s.alice, s.bob, SharingFixture.as(Role.READER));

    Share after = SharingFixture.shared(s.share(s.root, s.bob, SharingFixture.as(Role.READER)));

    assertThat(after.givenBy()).contains(s.root.handle());
    assertThat(after.version()).isEqualTo(first.version() + 1);
  }

  @Test
  void a_share_does_not_go_to_the_owning_user() {
    assertThat(codes(s.share(s.root, s.alice, SharingFixture.as(Role.READER))))
        .containsExactly("/user not_shareable");
  }

  @Test
  void a_share_does_not_go_to_the_built_in_user() {
    assertThat(codes(s.share(s.alice, Seeds.SYSTEM, SharingFixture.as(Role.READER))))
        .containsExactly("/user not_shareable");
  }

  @Test
  void what_belongs_to_the_system_is_not_shared() {
    assertThat(
            because(
                s.w.sharing.share(
                    s.w.as(s.root),
                    s.systems.ref(),
                    GranteeName.user(s.bob.handle()),
                    Precondition.NONE,
                    SharingFixture.as(Role.READER))))
        .isEqualTo(" not_shareable");
  }

  @Test
  void a_user_who_does_not_exist_is_an_unknown_reference() {
    assertThat(
            codes(
                s.share(
                    s.w.as(s.alice),
                    new Handle("nobody"),
                    Precondition.NONE,
                    SharingFixture.as(Role.READER))))
        .containsExactly("/user unknown_reference");
  }

  @ParameterizedTest
  @EnumSource(
      value = Role.class,
      names = {"READER", "WRITER"})
  void readers_and_writers_give_nothing(Role role) {
    Share unused = s.given(s.alice, s.bob, SharingFixture.resharable(role));

    assertThat(because(s.share(s.bob, s.carol, SharingFixture.as(Role.READER))))
        .isEqualTo("forbidden");
  }

  @Test
  void a_reader_is_not_told_who_exists() {
    Share unused = s.given(s.alice, s.bob, SharingFixture.as(Role.READER));

    assertThat(
            s.share(
                s.w.as(s.bob),
                new Handle("nobody"),
                Precondition.NONE,
                SharingFixture.as(Role.READER)))
        .isEqualTo(s.share(s.bob, s.carol, SharingFixture.as(Role.READER)));
  }

  @Test
  void an_invisible_service_is_not_there() {
    assertThat(because(s.share(s.bob, s.carol, SharingFixture.as(Role.READER))))
        .isEqualTo("not_found");
  }

  @Test
  void an_administrator_who_wants_to_use_a_service_gives_themselves_a_share_on_record() {
    assertThat(s.share(s.root, s.root, SharingFixture.as(Role.READER)))
        .isInstanceOf(Outcome.Done.class);
    assertThat(s.w.recorded()).containsExactly("service.share done alice/s [root]");
  }

  @Test
  void a_token_of_scope_use_shares_nothing() {
    assertThat(
            because(
                s.share(
                    s.w.using(s.alice),
                    s.bob.handle(),
                    Precondition.NONE,
                    SharingFixture.as(Role.READER))))
        .isEqualTo("forbidden");
  }

  @Test
  void a_version_that_no_longer_stands_is_refused() {
    Share unused = s.given(s.alice, s.bob, SharingFixture.as(Role.READER));

    assertThat(because(madeWriter(Precondition.version(2)))).isEqualTo("precondition_failed");
  }

  @Test
  void a_share_that_is_there_is_not_created_only() {
    Share unused = s.given(s.alice, s.bob, SharingFixture.as(Role.READER));

    assertThat(because(madeWriter(Precondition.CREATE_ONLY))).isEqualTo("precondition_failed");
  }

  private Outcome<GivenShare> madeWriter(Precondition precondition) {
    return s.share(s.w.as(s.alice), s.bob.handle(), precondition, SharingFixture.as(Role.WRITER));
  }

  @Test
  void the_service_keeps_its_version() {
    Share unused = s.given(s.alice, s.bob, SharingFixture.as(Role.READER));

    assertThat(s.w.now(s.service.ref()).version()).isEqualTo(1);
  }

  @Test
  void a_share_is_on_record_with_whom_it_goes_to() {
    Share unused = SharingFixture.shared(s.share(s.alice, s.bob, SharingFixture.as(Role.READER)));

    assertThat(s.w.recorded()).containsExactly("service.share done alice/s [bob]");
  }

  @Test
  void a_refusal_is_on_record() {
    Outcome<GivenShare> unused = s.share(s.bob, s.carol, SharingFixture.as(Role.READER));

    assertThat(s.w.recorded()).containsExactly("service.share refused alice/s [not_found]");
  }
}
