package io.claviger.application.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void no_two_attempts_wait_equally_long() {
    assertThat(waits(3).distinct().count()).isGreaterThan(990);
  }

  @Test
  void the_longest_wait_doubles_with_each_failure_up_to_a_bound() {
    assertThat(waits(1).max().orElseThrow()).isBetween(1_900_000L, Backoff.FIRST_NANOS);
    assertThat(waits(2).max().orElseThrow()).isBetween(3_800_000L, 2 * Backoff.FIRST_NANOS);
    assertThat(waits(5).max().orElseThrow()).isBetween(30_000_000L, 16 * Backoff.FIRST_NANOS);
    assertThat(waits(7).max().orElseThrow()).isBetween(120_000_000L, Backoff.LONGEST_NANOS);
    assertThat(waits(1_000_000).max().orElseThrow()).isBetween(120_000_000L, Backoff.LONGEST_NANOS);
  }

  @Test
  void every_wait_is_a_time() {
    assertThat(waits(1).min().orElseThrow()).isPositive();
  }

  private static LongStream waits(int failures) {
    Random random = new Random(42);
    return LongStream.generate(() -> Backoff.nanos(failures, random)).limit(1_000);
  }
}
