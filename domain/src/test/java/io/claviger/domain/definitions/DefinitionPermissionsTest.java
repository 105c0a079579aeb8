package io.claviger.domain.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionPermissionsTest {
  private static final User.Id ALICE = new User.Id(new UUID(0, 1));
  private static final User.Id BOB = new User.Id(new UUID(0, 2));
  private static final Instant THEN = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");

  private static Definition of(User.Id owner, boolean isPublic) {
    return new Definition(
        new Definition.Id(new UUID(0, 3)),
        owner,
        new Definition.Ref(new Handle("o"), new Handle("d")),
        Writes.STORED,
        isPublic,
        1,
        THEN,
        THEN,
        Optional.empty());
  }

  private static User.Id owner(String who) {
    return who.equals("_system") ? User.Id.SYSTEM : who.equals("bob") ? BOB : ALICE;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # owner | public | bob is admin | shared with bob | bob sees it
          bob     | false  | false        | false           | true
          alice   | false  | false        | false           | false
          alice   | true   | false        | false           | true
          alice   | false  | true         | false           | true
          alice   | false  | false        | true            | true
          _system | false  | false        | false           | true
          """)
  void a_definition_is_seen_by_its_owner_administrators_and_whom_it_is_shared_with(
      String owner, boolean isPublic, boolean administrator, boolean shared, boolean sees) {
    assertThat(DefinitionPermissions.maySee(of(owner(owner), isPublic), BOB, administrator, shared))
        .isEqualTo(sees);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # owner | bob is admin | writes | deletes
          bob     | false        | true   | true
          bob     | true         | true   | true
          alice   | false        | false  | false
          alice   | true         | false  | true
          _system | false        | false  | false
          _system | true         | true   | true
          """)
  void a_definition_is_changed_by_its_owner_and_deleted_by_administrators_too(
      String owner, boolean administrator, boolean writes, boolean deletes) {
    assertThat(DefinitionPermissions.mayWrite(owner(owner), BOB, administrator)).isEqualTo(writes);
    assertThat(DefinitionPermissions.mayDelete(owner(owner), BOB, administrator))
        .isEqualTo(deletes);
  }

  @ParameterizedTest
  @CsvSource({"bob, true", "_system, true", "alice, false"})
  void a_user_trusts_their_own_definitions_and_those_of_the_system(String owner, boolean trusts) {
    assertThat(of(owner(owner), true).isTrustedBy(BOB)).isEqualTo(trusts);
  }

  @Test
  void a_change_takes_fields_and_publicity_and_counts_the_version() {
    DefinitionFields fields =
        new DefinitionFields(
            Writes.STORED.description(),
            Provider.COHERE,
            Writes.STORED.apiStandard(),
            Writes.STORED.endpoint(),
            Writes.STORED.model(),
            Writes.STORED.dimensions(),
            Writes.STORED.contextLimit());
    Definition before = of(ALICE, false);
    assertThat(before.with(fields, true, NOW))
        .isEqualTo(
            new Definition(
                before.id(), ALICE, before.ref(), fields, true, 2, THEN, NOW, Optional.empty()));
  }
}
