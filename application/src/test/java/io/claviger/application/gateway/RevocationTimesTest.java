package io.claviger.application.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RevocationTimesTest {
  private final AtomicLong nanos = new AtomicLong(-7);
  private final RevocationTimes times = new RevocationTimes(nanos::get);

  private void pass(Duration time) {
    long unused = nanos.addAndGet(time.toNanos());
  }

  private static Duration millis(long many) {
    return Duration.ofMillis(many);
  }

  @Test
  void nothing_is_known_at_first() {
    assertThat(times.longest()).isEmpty();
  }

  @Test
  void the_longest_time_counts() {
    times.record(millis(12));
    times.record(millis(31));
    times.record(millis(4));

    assertThat(times.longest()).contains(millis(31));
  }

  @Test
  void a_time_counts_for_at_most_five_minutes_and_at_least_four() {
    pass(Duration.ofSeconds(59));
    times.record(millis(31));
    pass(Duration.ofMinutes(2));
    times.record(millis(12));
    pass(Duration.ofMinutes(2));
    assertThat(times.longest()).contains(millis(31));

    pass(Duration.ofMinutes(1));
    assertThat(times.longest()).contains(millis(12));

    pass(Duration.ofMinutes(2));
    assertThat(times.longest()).isEmpty();
  }

  @Test
  void a_long_silence_forgets_everything() {
    times.record(millis(31));
    pass(Duration.ofDays(400));
    assertThat(times.longest()).isEmpty();
    times.record(millis(5));
    assertThat(times.longest()).contains(millis(5));
  }
}
