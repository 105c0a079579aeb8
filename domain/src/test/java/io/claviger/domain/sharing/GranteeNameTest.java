package io.claviger.domain.sharing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.TimeBounds;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.policy.Limits;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GranteeNameTest {
  private static final GranteeName BOB = GranteeName.of("bob");
  private static final GranteeName TEAM = GranteeName.of("@team");

  @Test
  void a_group_stands_behind_an_at_sign() {
    assertThat(BOB).isEqualTo(GranteeName.user(new Handle("bob")));
    assertThat(TEAM).isEqualTo(GranteeName.group(new Handle("team")));
    assertThat(List.of(BOB.toString(), TEAM.toString())).containsExactly("bob", "@team");
  }

  @Test
  void a_user_and_a_group_of_one_handle_are_not_the_same() {
    assertThat(GranteeName.of("@bob")).isNotEqualTo(BOB);
    assertThat(GranteeName.of("@bob").isUser(new Handle("bob"))).isFalse();
    assertThat(BOB.isUser(new Handle("bob"))).isTrue();
    assertThat(BOB.isUser(new Handle("bobby"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"team", "@team"})
  void the_handle_of_a_group_stands_alone_or_behind_an_at_sign(String text) {
    assertThat(GranteeName.groupHandle(text)).isEqualTo(new Handle("team"));
  }

  @Test
  void groups_are_listed_before_users() {
    assertThat(TEAM).isLessThan(GranteeName.of("alice"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "@", "@@team", "Bob", "@me", "a/b", "@Team", "@public"})
  void anything_else_is_refused(String text) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> GranteeName.of(text));
  }

  @ParameterizedTest
  @EnumSource
  void a_group_holds_every_role_but_ownership(Role role) {
    assertThat(codes(TEAM, terms(role, false, Limits.NONE)))
        .isEqualTo(role == Role.OWNER ? List.of("/role") : List.of());
    assertThat(codes(BOB, terms(role, true, Limits.NONE))).isEmpty();
  }

  @Test
  void a_group_may_not_reshare() {
    assertThat(codes(TEAM, terms(Role.READER, true, Limits.NONE))).containsExactly("/may_reshare");
  }

  @Test
  void a_share_ends_at_a_time_that_the_api_can_write() {
    Share.Terms terms = terms(Role.READER, true, Limits.NONE);

    assertThat(codes(BOB, terms.until(TimeBounds.LATEST))).isEmpty();
    assertThat(codes(BOB, terms.until(TimeBounds.LATEST.plusNanos(1_000))))
        .containsExactly("/expires_at");
  }

  @Test
  void only_a_group_has_limits_for_all_its_members_together() {
    Limits ten = new Limits(Optional.of(10), Optional.empty(), Optional.empty());

    assertThat(codes(TEAM, terms(Role.READER, false, ten))).isEmpty();
    assertThat(codes(BOB, terms(Role.READER, false, ten))).containsExactly("/pooled_limits");
  }

  private static Share.Terms terms(Role role, boolean mayReshare, Limits pooled) {
    return new Share.Terms(role, mayReshare, Optional.empty(), Limits.NONE, pooled);
  }

  private static List<String> codes(GranteeName grantee, Share.Terms terms) {
    return terms.faultsFor(grantee).stream().map(fault -> fault.pointer()).toList();
  }
}
