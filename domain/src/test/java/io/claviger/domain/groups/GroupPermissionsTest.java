package io.claviger.domain.groups;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupPermissionsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          false | -       |
          false | MEMBER  | SEE_MEMBERS SEE_LIMITS LEAVE
          false | MANAGER | SEE_MEMBERS SEE_LIMITS LEAVE DESCRIBE KEEP_MEMBERS
          true  | -       | SEE_MEMBERS SEE_LIMITS SET_LIMITS CREATE DESCRIBE KEEP_MEMBERS DELETE
          true  | MEMBER  | SEE_MEMBERS SEE_LIMITS SET_LIMITS LEAVE CREATE DESCRIBE KEEP_MEMBERS DELETE
          true  | MANAGER | SEE_MEMBERS SEE_LIMITS SET_LIMITS LEAVE CREATE DESCRIBE KEEP_MEMBERS DELETE
          """)
  void each_standing_allows_what_the_table_says(
      boolean administrator, String role, String allowed) {
    Optional<GroupRole> held =
        role.equals("-") ? Optional.empty() : Optional.of(GroupRole.valueOf(role));
    Set<GroupAction> expected = EnumSet.noneOf(GroupAction.class);
    for (String action : String.valueOf(allowed).split(" ")) {
      if (!action.equals("null")) {
        expected.add(GroupAction.valueOf(action));
      }
    }

    Set<GroupAction> granted = EnumSet.noneOf(GroupAction.class);
    for (GroupAction action : GroupAction.values()) {
      if (GroupPermissions.allows(administrator, held, action)) {
        granted.add(action);
      }
    }

    assertThat(granted).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "false, -, false, false",
    "false, -, true, false",
    "false, MEMBER, false, true",
    "false, MEMBER, true, false",
    "false, MANAGER, false, true",
    "false, MANAGER, true, false",
    "true, -, false, false",
    "true, -, true, false",
    "true, MEMBER, false, true",
    "true, MEMBER, true, true",
    "true, MANAGER, false, true",
    "true, MANAGER, true, true"
  })
  void only_administrators_leave_a_group_with_limits(
      boolean administrator, String role, boolean limited, boolean may) {
    Optional<GroupRole> held =
        role.equals("-") ? Optional.empty() : Optional.of(GroupRole.valueOf(role));

    assertThat(GroupPermissions.mayLeave(administrator, held, limited)).isEqualTo(may);
  }

  @Test
  void only_local_groups_are_kept_here() {
    assertThat(GroupPermissions.isKeptHere(GroupKind.LOCAL)).isTrue();
    assertThat(GroupPermissions.isKeptHere(GroupKind.SYNCED)).isFalse();
  }
}
