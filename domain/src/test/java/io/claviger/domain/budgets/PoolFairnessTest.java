package io.claviger.domain.budgets;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much one caller may hold of a budget, while others are refused. */
final class PoolFairnessTest {
  @ParameterizedTest
  @CsvSource({
    "0, 900, 900, true, true",
    "0, 0, 0, true, true",
    "1, 299, 900, true, true",
    "1, 300, 900, true, false",
    "300, 1, 900, true, false",
    "300, 1, 900, false, true",
    "900, 900, 900, false, true",
    "1, 1, 0, true, false",
    "9223372036854775807, 1, 9223372036854775807, true, false",
    "1, 9223372036854775807, 9223372036854775807, true, false",
    "1, 9223372036854775807, 9223372036854775807, false, true"
  })
  void who_holds_something_gets_no_more_than_a_third_while_others_are_refused(
      long held, long wanted, long left, boolean othersRefused, boolean allowed) {
    assertThat(PoolFairness.allows(held, wanted, left, othersRefused)).isEqualTo(allowed);
  }
}
