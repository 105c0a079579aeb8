package io.claviger.domain.sharing;

import static io.claviger.domain.sharing.Permission.DENIED;
import static io.claviger.domain.sharing.Permission.GRANTED;
import static io.claviger.domain.sharing.Permission.LEAVE_ONLY;
import static io.claviger.domain.sharing.Permission.WITHIN_OWN_BOUNDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PermissionsTest {
  private static final String PRIVATE =
      """
                      | stranger | reader | writer | owner share | owning user | administrator
      SEE             | no       | yes    | yes    | yes         | yes         | yes
      USE             | no       | yes    | yes    | yes         | yes         | no
      DESCRIBE        | no       | no     | yes    | yes         | yes         | no
      SWITCH          | no       | no     | yes    | yes         | yes         | yes
      CONFIGURE       | no       | no     | no     | yes         | yes         | no
      WIDEN_LIMITS    | no       | no     | no     | no          | yes         | no
      BUDGET_IN_ALL   | no       | no     | no     | no          | yes         | no
      GROUP_CAPACITY  | no       | no     | no     | no          | yes         | no
      SET_KEY         | no       | no     | no     | yes         | yes         | no
      CONFIRM_DESTINATION  | no       | no     | no     | no          | yes         | no
      SHARE_ACCOUNT        | no       | no     | no     | no          | yes         | no
      CLEAR_KEY       | no       | no     | no     | yes         | yes         | yes
      SET_PRICES      | no       | no     | no     | no          | yes         | no
      SET_BILLING     | no       | no     | no     | no          | yes         | no
      SEE_BILL        | no       | no     | no     | no          | yes         | yes
      SET_INVOICES    | no       | no     | no     | no          | yes         | no
      SEE_SHARES      | no       | no     | yes    | yes         | yes         | yes
      SHARE           | no       | leave  | leave  | bounds      | yes         | yes
      SHARE_OWNERSHIP | no       | no     | no     | leave       | yes         | yes
      DELETE          | no       | no     | no     | no          | yes         | yes
      """;

  /** What each capacity adds when the same person is an administrator as well. */
  private static final String UNITED =
      """
                      | admin, reader | admin, writer | admin, owner share | admin, owning user
      SEE             | yes           | yes           | yes                | yes
      USE             | yes           | yes           | yes                | yes
      DESCRIBE        | no            | yes           | yes                | yes
      SWITCH          | yes           | yes           | yes                | yes
      CONFIGURE       | no            | no            | yes                | yes
      WIDEN_LIMITS    | no            | no            | no                 | yes
      BUDGET_IN_ALL   | no            | no            | no                 | yes
      GROUP_CAPACITY  | no            | no            | no                 | yes
      SET_KEY         | no            | no            | yes                | yes
      CONFIRM_DESTINATION  | no            | no            | no                 | yes
      SHARE_ACCOUNT        | no            | no            | no                 | yes
      CLEAR_KEY       | yes           | yes           | yes                | yes
      SET_PRICES      | no            | no            | no                 | yes
      SET_BILLING     | no            | no            | no                 | yes
      SEE_BILL        | yes           | yes           | yes                | yes
      SET_INVOICES    | no            | no            | no                 | yes
      SEE_SHARES      | yes           | yes           | yes                | yes
      SHARE           | yes           | yes           | yes                | yes
      SHARE_OWNERSHIP | yes           | yes           | yes                | yes
      DELETE          | yes           | yes           | yes                | yes
      """;

  /**
   * For things that belong to {@code _system}, everybody is a reader, and administrators are
   * owners.
   */
  private static final String SYSTEM_LEVEL =
      """
                      | any user of _system's | admin of _system's
      SEE             | yes                   | yes
      USE             | yes                   | yes
      DESCRIBE        | no                    | yes
      SWITCH          | no                    | yes
      CONFIGURE       | no                    | yes
      WIDEN_LIMITS    | no                    | yes
      BUDGET_IN_ALL   | no                    | yes
      GROUP_CAPACITY  | no                    | yes
      SET_KEY         | no                    | yes
      CONFIRM_DESTINATION  | no                    | yes
      SHARE_ACCOUNT        | no                    | yes
      CLEAR_KEY       | no                    | yes
      SET_PRICES      | no                    | yes
      SET_BILLING     | no                    | yes
      SEE_BILL        | no                    | yes
      SET_INVOICES    | no                    | yes
      SEE_SHARES      | no                    | yes
      SHARE           | no                    | yes
      SHARE_OWNERSHIP | no                    | yes
      DELETE          | no                    | yes
      """;

  /**
   * Tests things that belong to {@code _system} and that only holders of shares may use.
   * Administrators own these things, but may use them only with a share.
   */
  private static final String SYSTEM_SHARED =
      """
                      | stranger of shared | reader of shared | writer of shared | admin of shared | admin, reader of shared
      SEE             | no                 | yes              | yes              | yes             | yes
      USE             | no                 | yes              | yes              | no              | yes
      DESCRIBE        | no                 | no               | yes              | yes             | yes
      SWITCH          | no                 | no               | yes              | yes             | yes
      CONFIGURE       | no                 | no               | no               | yes             | yes
      WIDEN_LIMITS    | no                 | no               | no               | yes             | yes
      BUDGET_IN_ALL   | no                 | no               | no               | yes             | yes
      GROUP_CAPACITY  | no                 | no               | no               | yes             | yes
      SET_KEY         | no                 | no               | no               | yes             | yes
      CONFIRM_DESTINATION | no                 | no               | no               | yes             | yes
      SHARE_ACCOUNT       | no                 | no               | no               | yes             | yes
      CLEAR_KEY       | no                 | no               | no               | yes             | yes
      SET_PRICES      | no                 | no               | no               | yes             | yes
      SET_BILLING     | no                 | no               | no               | yes             | yes
      SEE_BILL        | no                 | no               | no               | yes             | yes
      SET_INVOICES    | no                 | no               | no               | yes             | yes
      SEE_SHARES      | no                 | no               | yes              | yes             | yes
      SHARE           | no                 | leave            | leave            | yes             | yes
      SHARE_OWNERSHIP | no                 | no               | no               | yes             | yes
      DELETE          | no                 | no               | no               | yes             | yes
      """;

  private static final Optional<Role> NO_SHARE = Optional.empty();

  private static final Map<String, Relationship> RELATIONSHIPS =
      Map.ofEntries(
          Map.entry("stranger", new Relationship(false, NO_SHARE, false, false)),
          Map.entry("reader", new Relationship(false, Optional.of(Role.READER), false, false)),
          Map.entry("writer", new Relationship(false, Optional.of(Role.WRITER), false, false)),
          Map.entry("owner share", new Relationship(false, Optional.of(Role.OWNER), false, false)),
          Map.entry("owning user", new Relationship(true, NO_SHARE, false, false)),
          Map.entry("administrator", new Relationship(false, NO_SHARE, true, false)),
          Map.entry(
              "admin, reader", new Relationship(false, Optional.of(Role.READER), true, false)),
          Map.entry(
              "admin, writer", new Relationship(false, Optional.of(Role.WRITER), true, false)),
          Map.entry(
              "admin, owner share", new Relationship(false, Optional.of(Role.OWNER), true, false)),
          Map.entry("admin, owning user", new Relationship(true, NO_SHARE, true, false)),
          Map.entry("any user of _system's", new Relationship(false, NO_SHARE, false, true)),
          Map.entry("admin of _system's", new Relationship(false, NO_SHARE, true, true)),
          Map.entry("stranger of shared", ofShared(NO_SHARE, false)),
          Map.entry("reader of shared", ofShared(Optional.of(Role.READER), false)),
          Map.entry("writer of shared", ofShared(Optional.of(Role.WRITER), false)),
          Map.entry("admin of shared", ofShared(NO_SHARE, true)),
          Map.entry("admin, reader of shared", ofShared(Optional.of(Role.READER), true)));

  private static final Map<String, Permission> ANSWERS =
      Map.of("yes", GRANTED, "bounds", WITHIN_OWN_BOUNDS, "leave", LEAVE_ONLY, "no", DENIED);

  static Stream<Arguments> cells() {
    return Stream.of(PRIVATE, UNITED, SYSTEM_LEVEL, SYSTEM_SHARED)
        .flatMap(PermissionsTest::cellsOf);
  }

  private static Stream<Arguments> cellsOf(String table) {
    List<List<String>> rows =
        table
            .lines()
            .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
            .toList();
    List<String> head = rows.get(0);
    return rows.stream()
        .skip(1)
        .flatMap(
            row ->
                IntStream.range(1, head.size())
                    .mapToObj(i -> arguments(head.get(i), row.get(0), row.get(i))));
  }

  @ParameterizedTest(name = "{0}: {1}: {2}")
  @MethodSource("cells")
  void everybody_may_do_what_the_table_says(String who, Action action, String answer) {
    assertThat(Permissions.may(relationship(who), action)).isEqualTo(ANSWERS.get(answer));
  }

  @ParameterizedTest(name = "{0}: {1}: {2}")
  @MethodSource("cells")
  void allowed_is_only_what_is_granted_without_bounds(String who, Action action, String answer) {
    assertThat(Permissions.allows(relationship(who), action)).isEqualTo(answer.equals("yes"));
  }

  @Test
  void the_tables_have_a_cell_for_every_action_and_standing() {
    assertThat(cells()).hasSize(Action.values().length * RELATIONSHIPS.size());
    assertThat(cells().map(cell -> cell.get()[0] + ":" + cell.get()[1])).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void the_owning_user_may_do_everything_whatever_else_they_are(Action action) {
    for (Role role : Role.values()) {
      assertThat(Permissions.may(new Relationship(true, Optional.of(role), false, false), action))
          .isEqualTo(GRANTED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void being_more_never_allows_less(Action action) {
    for (Relationship relationship : RELATIONSHIPS.values()) {
      Permission alone = Permissions.may(relationship, action);
      Relationship more =
          new Relationship(
              relationship.owningUser(),
              relationship.role(),
              true,
              relationship.systemLevel(),
              relationship.forEverybody());
      assertThat(Permissions.may(more, action)).as("%s", relationship).isLessThanOrEqualTo(alone);
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_higher_role_never_allows_less(Action action) {
    assertThat(of("writer", action)).isLessThanOrEqualTo(of("reader", action));
    assertThat(of("owner share", action)).isLessThanOrEqualTo(of("writer", action));
    assertThat(of("owning user", action)).isLessThanOrEqualTo(of("owner share", action));
  }

  @Test
  void a_stranger_may_do_nothing_at_all() {
    assertThat(EnumSet.allOf(Action.class)).allMatch(action -> of("stranger", action) == DENIED);
  }

  private static Relationship ofShared(Optional<Role> role, boolean administrator) {
    return new Relationship(false, role, administrator, true, false);
  }

  private static Permission of(String who, Action action) {
    return Permissions.may(relationship(who), action);
  }

  private static Relationship relationship(String who) {
    Relationship relationship = RELATIONSHIPS.get(who);
    if (relationship == null) {
      throw new IllegalArgumentException(who);
    }
    return relationship;
  }
}
