package io.claviger.domain.sharing;

import static io.claviger.domain.sharing.Samples.BOB;
import static io.claviger.domain.sharing.Samples.bobs;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RelationshipTest {
  private static final User.Id ALICE = new User.Id(new UUID(0, 1));
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Instant BEFORE_NOON = NOON.minusNanos(1);

  private static HeldShares share(Role role, Optional<Instant> expiresAt) {
    return HeldShares.own(Optional.of(bobs(role, expiresAt, NOON)));
  }

  @Test
  void a_stranger_stands_nowhere() {
    assertThat(Relationship.of(BOB, false, ALICE, Audience.EVERYBODY, HeldShares.NONE, NOON))
        .isEqualTo(new Relationship(false, Optional.empty(), false, false));
  }

  @Test
  void the_owner_is_the_owning_user() {
    assertThat(
            Relationship.of(ALICE, false, ALICE, Audience.EVERYBODY, HeldShares.NONE, NOON)
                .owningUser())
        .isTrue();
  }

  @Test
  void an_administrator_is_one() {
    assertThat(
            Relationship.of(BOB, true, ALICE, Audience.EVERYBODY, HeldShares.NONE, NOON)
                .administrator())
        .isTrue();
  }

  @Test
  void what_the_built_in_user_owns_is_system_level() {
    assertThat(
            Relationship.of(BOB, false, User.Id.SYSTEM, Audience.EVERYBODY, HeldShares.NONE, NOON)
                .systemLevel())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    // system-level, audience, everybody's
    "true, EVERYBODY, true",
    "true, SHARED, false",
    "false, EVERYBODY, false",
    "false, SHARED, false"
  })
  void only_what_is_system_level_is_everybodys(
      boolean systemLevel, Audience audience, boolean forEverybody) {
    User.Id owner = systemLevel ? User.Id.SYSTEM : ALICE;
    assertThat(Relationship.of(BOB, false, owner, audience, HeldShares.NONE, NOON).forEverybody())
        .isEqualTo(forEverybody);
  }

  @ParameterizedTest
  @EnumSource
  void a_share_without_an_expiry_gives_its_role(Role role) {
    Relationship relationship =
        Relationship.of(
            BOB, false, ALICE, Audience.EVERYBODY, share(role, Optional.empty()), Instant.MAX);
    assertThat(relationship.role()).hasValue(role);
  }

  @ParameterizedTest
  @EnumSource
  void a_share_gives_its_role_until_just_before_its_expiry(Role role) {
    Relationship relationship =
        Relationship.of(
            BOB, false, ALICE, Audience.EVERYBODY, share(role, Optional.of(NOON)), BEFORE_NOON);
    assertThat(relationship.role()).hasValue(role);
  }

  @ParameterizedTest
  @EnumSource
  void a_share_counts_for_nothing_from_its_expiry_on(Role role) {
    Relationship relationship =
        Relationship.of(
            BOB, false, ALICE, Audience.EVERYBODY, share(role, Optional.of(NOON)), NOON);
    assertThat(relationship.role()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    // owning user, role, administrator, system-level, everybody's, shown
    "false,       , false, false, false,       ",
    "false, READER, false, false, false, READER",
    "false, WRITER, false, false, false, WRITER",
    "false,  OWNER, false, false, false,  OWNER",
    "true,        , false, false, false,  OWNER",
    "false,       ,  true, false, false,       ",
    "false, WRITER,  true, false, false, WRITER",
    "false,       , false,  true,  true, READER",
    "false,       ,  true,  true,  true,  OWNER",
    "false,       , false,  true, false,       ",
    "false, READER, false,  true, false, READER",
    "false,       ,  true,  true, false,       ",
    "false, WRITER,  true,  true, false, WRITER"
  })
  void the_role_shown_is_the_one_they_hold(
      boolean owningUser,
      @Nullable Role role,
      boolean administrator,
      boolean systemLevel,
      boolean forEverybody,
      @Nullable Role shown) {
    Relationship relationship =
        new Relationship(
            owningUser, Optional.ofNullable(role), administrator, systemLevel, forEverybody);
    assertThat(relationship.shownRole()).isEqualTo(Optional.ofNullable(shown));
  }

  @ParameterizedTest
  @CsvSource({
    "READER, READER, true", "READER, WRITER, false", "READER, OWNER, false",
    "WRITER, READER, true", "WRITER, WRITER, true", "WRITER, OWNER, false",
    "OWNER,  READER, true", "OWNER,  WRITER, true", "OWNER,  OWNER, true"
  })
  void a_reader_is_less_than_a_writer_and_a_writer_less_than_an_owner(
      Role one, Role other, boolean atLeast) {
    assertThat(one.atLeast(other)).isEqualTo(atLeast);
  }
}
