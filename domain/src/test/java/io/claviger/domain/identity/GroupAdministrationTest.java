package io.claviger.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GroupAdministrationTest {
  /** All combinations of what was recorded and what the identity provider says now. */
  @ParameterizedTest
  @CsvSource({
    // recorded: administrator, by group; now in the group; then: administrator, by group
    "false, false, false, false, false",
    "false, false, true,  true,  true",
    "false, true,  false, false, false",
    "false, true,  true,  true,  true",
    "true,  false, false, true,  false",
    "true,  false, true,  true,  false",
    "true,  true,  false, false, false",
    "true,  true,  true,  true,  true",
  })
  void what_the_group_gave_ends_with_it_and_what_was_given_here_stays(
      boolean administrator, boolean byGroup, boolean member, boolean then, boolean thenByGroup) {
    assertThat(GroupAdministration.recorded(administrator, byGroup).following(member))
        .isEqualTo(new GroupAdministration(then, thenByGroup));
  }

  @Test
  void nobody_is_no_administrator_by_a_group() {
    assertThatIllegalArgumentException().isThrownBy(() -> new GroupAdministration(false, true));
  }
}
