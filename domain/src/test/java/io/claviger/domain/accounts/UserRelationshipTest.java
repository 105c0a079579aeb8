package io.claviger.domain.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UserRelationshipTest {
  /**
   * All combinations. Nobody is responsible for a person, so this relationship gives no rights over
   * a person. A service account is never an administrator or responsible for anybody, so its last
   * rows never occur.
   */
  @ParameterizedTest(name = "{0} self={1} administrator={2} responsible={3}: {4}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PERSON  | false | false | false |
          PERSON  | false | false | true  |
          PERSON  | false | true  | false | SEE CHANGE_PROFILE CHANGE_ADMINISTRATOR REVOKE_TOKENS RECOVER SET_LIMITS DELETE
          PERSON  | false | true  | true  | SEE CHANGE_PROFILE CHANGE_ADMINISTRATOR REVOKE_TOKENS RECOVER SET_LIMITS DELETE
          PERSON  | true  | false | false | SEE CHANGE_PROFILE REVOKE_TOKENS ISSUE_TOKENS DELETE
          PERSON  | true  | false | true  | SEE CHANGE_PROFILE REVOKE_TOKENS ISSUE_TOKENS DELETE
          PERSON  | true  | true  | false | SEE CHANGE_PROFILE CHANGE_ADMINISTRATOR REVOKE_TOKENS ISSUE_TOKENS RECOVER SET_LIMITS DELETE
          PERSON  | true  | true  | true  | SEE CHANGE_PROFILE CHANGE_ADMINISTRATOR REVOKE_TOKENS ISSUE_TOKENS RECOVER SET_LIMITS DELETE
          SERVICE | false | false | false |
          SERVICE | false | false | true  | SEE REVOKE_TOKENS ISSUE_TOKENS RECOVER MANAGE_TRUSTS
          SERVICE | false | true  | false | SEE CHANGE_PROFILE CHANGE_RESPONSIBLE REVOKE_TOKENS ISSUE_TOKENS RECOVER SET_LIMITS MANAGE_TRUSTS DELETE
          SERVICE | false | true  | true  | SEE CHANGE_PROFILE CHANGE_RESPONSIBLE REVOKE_TOKENS ISSUE_TOKENS RECOVER SET_LIMITS MANAGE_TRUSTS DELETE
          SERVICE | true  | false | false | SEE CHANGE_PROFILE REVOKE_TOKENS ISSUE_TOKENS
          SERVICE | true  | false | true  | SEE CHANGE_PROFILE REVOKE_TOKENS ISSUE_TOKENS RECOVER MANAGE_TRUSTS
          SERVICE | true  | true  | false | SEE CHANGE_PROFILE CHANGE_RESPONSIBLE REVOKE_TOKENS ISSUE_TOKENS RECOVER SET_LIMITS MANAGE_TRUSTS DELETE
          SERVICE | true  | true  | true  | SEE CHANGE_PROFILE CHANGE_RESPONSIBLE REVOKE_TOKENS ISSUE_TOKENS RECOVER SET_LIMITS MANAGE_TRUSTS DELETE
          """)
  void a_standing_allows_what_the_table_says(
      UserKind kind, boolean self, boolean administrator, boolean responsible, String actions) {
    Set<UserAction> expected =
        actions == null
            ? Set.of()
            : Arrays.stream(actions.split(" "))
                .map(UserAction::valueOf)
                .collect(Collectors.toCollection(TreeSet::new));
    UserRelationship relationship = new UserRelationship(kind, self, administrator, responsible);

    assertThat(UserAction.values())
        .filteredOn(relationship::allows)
        .containsExactlyInAnyOrderElementsOf(expected);
  }
}
