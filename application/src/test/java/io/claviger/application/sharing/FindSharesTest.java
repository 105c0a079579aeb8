package io.claviger.application.sharing;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.application.fakes.Seeds;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FindSharesTest {
  private final SharingFixture s = new SharingFixture();
  private final Sharing sharing = s.w.sharing;

  @Test
  void the_owning_user_lists_the_shares_by_handle() {
    Share unused = s.given(s.alice, s.carol, SharingFixture.as(Role.READER));
    Share unusedToo = s.given(s.alice, s.bob, SharingFixture.as(Role.READER));

    assertThat(grantees(list(s.w.as(s.alice), Optional.empty(), 50)))
        .containsExactly("bob", "carol");
  }

  @Test
  void an_administrator_lists_them() {
    assertThat(list(s.w.as(s.root), Optional.empty(), 50)).isInstanceOf(Outcome.Done.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = Role.class,
      names = {"WRITER", "OWNER"})
  void writers_and_co_owners_list_them(Role role) {
    Share unused = s.given(s.alice, s.bob, SharingFixture.as(role));

    assertThat(grantees(list(s.w.as(s.bob), Optional.empty(), 50))).containsExactly("bob");
  }

  @Test
  void a_reader_does_not_list_them() {
    Share unused = s.given(s.alice, s.bob, SharingFixture.as(Role.READER));

    assertThat(because(list(s.w.as(s.bob), Optional.empty(), 50))).isEqualTo("forbidden");
    assertThat(
            because(sharing.find(s.w.as(s.bob), s.service.ref(), GranteeName.user(s.bob.handle()))))
        .isEqualTo("forbidden");
  }

  @Test
  void an_invisible_service_is_not_there() {
    assertThat(because(list(s.w.as(s.bob), Optional.empty(), 50))).isEqualTo("not_found");
  }

  @Test
  void expired_shares_are_listed_until_they_are_ended() {
    Share unused = s.given(s.alice, s.bob, SharingFixture.until(Role.READER, Seeds.SEEDED_AT));

    assertThat(grantees(list(s.w.as(s.alice), Optional.empty(), 50))).containsExactly("bob");
  }

  /** Far from the time of the machine that runs the test, by which no day may be chosen. */
  @Test
  void who_could_use_a_service_is_asked_for_days_until_the_day_of_the_shared_time() {
    LocalDate today = LocalDate.of(2999, 12, 31);
    s.w.claviger.clock().set(today.atTime(23, 59).toInstant(ZoneOffset.UTC));

    assertThat(dayOf(Optional.empty())).isEqualTo(today);
    assertThat(dayOf(Optional.of(today))).isEqualTo(today);
    s.w.claviger.clock().set(Seeds.SEEDED_AT);
    LocalDate seeded = LocalDate.ofInstant(Seeds.SEEDED_AT, ZoneOffset.UTC);
    assertThat(dayOf(Optional.empty())).isEqualTo(seeded);
    assertThatThrownBy(() -> dayOf(Optional.of(seeded.plusDays(1))))
        .isInstanceOf(InvalidValue.class)
        .hasMessageContaining("today (UTC) or earlier");
  }

  @Test
  void nobody_could_use_a_service_is_told_apart_from_a_service_that_never_existed() {
    Actor root = s.w.as(s.root);

    assertThat(accessTo(root, s.service.ref()).orThrow().page().items()).isEmpty();
    assertThat(because(accessTo(root, Instance.Ref.of("alice/mis-spelt")))).isEqualTo("not_found");
  }

  private Outcome<Sharing.AccessOnDay> accessTo(Actor actor, Instance.Ref service) {
    return sharing.accessOn(
        actor, service, Optional.empty(), new PageRequest<>(Optional.empty(), 50));
  }

  private LocalDate dayOf(Optional<LocalDate> asked) {
    return sharing
        .accessOn(s.w.as(s.alice), s.service.ref(), asked, new PageRequest<>(Optional.empty(), 50))
        .orThrow()
        .day();
  }

  @Test
  void a_page_goes_on_behind_the_one_before() {
    Share unused = s.given(s.alice, s.carol, SharingFixture.as(Role.READER));
    Share unusedToo = s.given(s.alice, s.bob, SharingFixture.as(Role.READER));
    Page<Share, GranteeName> first = list(s.w.as(s.alice), Optional.empty(), 1).orThrow();

    assertThat(grantees(list(s.w.as(s.alice), first.next(), 1))).containsExactly("carol");
  }

  @Test
  void one_share_is_found_by_its_holder() {
    Share share = s.given(s.alice, s.bob, SharingFixture.as(Role.READER));

    assertThat(sharing.find(s.w.as(s.alice), s.service.ref(), GranteeName.user(s.bob.handle())))
        .isEqualTo(Outcome.done(share));
  }

  @Test
  void who_holds_none_and_who_does_not_exist_are_told_alike() {
    assertThat(sharing.find(s.w.as(s.alice), s.service.ref(), GranteeName.user(s.bob.handle())))
        .isEqualTo(
            sharing.find(s.w.as(s.alice), s.service.ref(), GranteeName.user(new Handle("nobody"))));
  }

  @Test
  void a_token_of_scope_use_shows_none() {
    assertThat(because(list(s.w.using(s.alice), Optional.empty(), 50))).isEqualTo("forbidden");
  }

  private Outcome<Page<Share, GranteeName>> list(
      Actor actor, Optional<GranteeName> after, int limit) {
    return sharing.list(actor, s.service.ref(), new PageRequest<>(after, limit));
  }

  private static List<String> grantees(Outcome<Page<Share, GranteeName>> outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return outcome.orThrow().items().stream()
        .map(share -> share.grantee().name().toString())
        .toList();
  }
}
