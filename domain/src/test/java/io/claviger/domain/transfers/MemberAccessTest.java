package io.claviger.domain.transfers;

import static io.claviger.domain.transfers.MemberAccess.ALL;
import static io.claviger.domain.transfers.MemberAccess.NONE;
import static io.claviger.domain.transfers.MemberAccess.WITH_OWN_USE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MemberAccessTest {
  @ParameterizedTest
  @CsvSource({
    "true, true, true, ALL",
    "true, true, false, ALL",
    "true, false, true, ALL",
    "true, false, false, ALL",
    "false, true, true, ALL",
    "false, true, false, WITH_OWN_USE",
    "false, false, true, NONE",
    "false, false, false, NONE"
  })
  void who_passes_depends_on_what_the_owner_holds(
      boolean owns, boolean use, boolean reshare, MemberAccess expected) {
    assertThat(MemberAccess.of(owns, use, reshare)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "ALL, WITH_OWN_USE, false, true",
    "ALL, NONE, true, false",
    "ALL, NONE, false, true",
    "ALL, NONE, true, true",
    "ALL, WITH_OWN_USE, true, true",
    "WITH_OWN_USE, NONE, true, false",
    "WITH_OWN_USE, NONE, true, true"
  })
  void a_member_who_passed_is_shut_out(
      MemberAccess before, MemberAccess after, boolean with, boolean without) {
    assertThat(before.shutsOut(after, with, without)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "ALL, ALL, false",
    "ALL, WITH_OWN_USE, false",
    "ALL, NONE, false",
    "WITH_OWN_USE, ALL, true",
    "WITH_OWN_USE, WITH_OWN_USE, false",
    "WITH_OWN_USE, NONE, false",
    "NONE, ALL, true",
    "NONE, WITH_OWN_USE, false",
    "NONE, NONE, false"
  })
  void who_has_no_use_of_their_own_is_let_in(
      MemberAccess before, MemberAccess after, boolean letIn) {
    assertThat(before.letsIn(after)).isEqualTo(letIn);
  }

  @Test
  void in_no_other_case_is_anybody_shut_out() {
    int cases = 0;
    for (MemberAccess before : MemberAccess.values()) {
      for (MemberAccess after : MemberAccess.values()) {
        for (int members = 0; members < 4; members++) {
          if (before.shutsOut(after, (members & 1) != 0, (members & 2) != 0)) {
            cases++;
          }
        }
      }
    }
    assertThat(cases).isEqualTo(7);
    assertThat(NONE.shutsOut(ALL, true, true)).isFalse();
    assertThat(WITH_OWN_USE.shutsOut(ALL, true, true)).isFalse();
  }
}
