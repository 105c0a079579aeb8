package io.claviger.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class MinimumBodyRateTest {
  private static final long SECOND = 1_000_000_000;

  private final MinimumBodyRate pace = new MinimumBodyRate(Duration.ofSeconds(60), 1_000);

  @Test
  void too_little_in_a_whole_window_is_too_slow() {
    pace.begin(0, 0);

    assertThat(pace.isTooSlow(59 * SECOND, 0)).isFalse();
    assertThat(pace.isTooSlow(60 * SECOND, 999)).isTrue();
  }

  @Test
  void enough_in_one_window_says_nothing_of_the_next() {
    pace.begin(0, 0);

    assertThat(pace.isTooSlow(60 * SECOND, 1_000_000)).isFalse();
    assertThat(pace.isTooSlow(119 * SECOND, 1_000_000)).isFalse();
    assertThat(pace.isTooSlow(120 * SECOND, 1_000_999)).isTrue();
  }

  @Test
  void time_in_which_it_was_not_the_callers_turn_is_left_out() {
    pace.begin(0, 0);
    pace.begin(59 * SECOND, 10);

    assertThat(pace.isTooSlow(100 * SECOND, 10)).isFalse();
    assertThat(pace.isTooSlow(119 * SECOND, 1_009)).isTrue();
  }

  @Test
  void the_clock_may_stand_anywhere() {
    pace.begin(Long.MAX_VALUE - SECOND, 0);

    assertThat(pace.isTooSlow(Long.MIN_VALUE + SECOND, 0)).isFalse();
    assertThat(pace.isTooSlow(Long.MIN_VALUE + 60 * SECOND, 0)).isTrue();
  }
}
