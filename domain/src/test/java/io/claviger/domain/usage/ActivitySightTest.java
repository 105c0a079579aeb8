package io.claviger.domain.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActivitySightTest {
  @ParameterizedTest
  @CsvSource({"false,false,OWN", "true,false,OWN", "false,true,OWNED", "true,true,ALL"})
  void a_token_of_scope_use_shows_own_calls_alone_even_to_administrators(
      boolean administrator, boolean mayManage, ActivitySight expected) {
    assertThat(ActivitySight.of(administrator, mayManage)).isEqualTo(expected);
  }
}
