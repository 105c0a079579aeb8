package io.claviger.domain.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RetentionMonthsTest {
  @ParameterizedTest
  @CsvSource({
    "1, 2026-11-01T00:00:00Z, 2026-10-01",
    "1, 2026-10-31T23:59:59.999Z, 2026-09-01",
    "12, 2026-11-21T21:00:00Z, 2025-11-01",
    "2, 2028-02-29T12:00:00Z, 2027-12-01",
    "1200, 2026-11-21T21:00:00Z, 1926-11-01"
  })
  void the_current_month_and_so_many_whole_months_before_it_are_kept(
      int months, Instant now, LocalDate first) {
    assertThat(new RetentionMonths(months).firstKept(now)).isEqualTo(first);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1201})
  void other_counts_are_refused(int months) {
    assertThatExceptionOfType(InvalidValue.class).isThrownBy(() -> new RetentionMonths(months));
  }

  @Test
  void the_largest_count_is_allowed() {
    assertThat(new RetentionMonths(RetentionMonths.MOST).count()).isEqualTo(1200);
  }
}
