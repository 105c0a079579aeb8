package io.claviger.application.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.Race;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LogRateTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final LogRate rate = new LogRate(nanos::get, Duration.ofSeconds(1));

  @Test
  void one_line_a_second_is_allowed() {
    assertThat(rate.allows()).isTrue();
    assertThat(rate.allows()).isFalse();
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(1) - 1);
    assertThat(rate.allows()).isFalse();
    nanos.addAndGet(1);
    assertThat(rate.allows()).isTrue();
    assertThat(rate.allows()).isFalse();
  }

  @Test
  void one_of_sixteen_threads_gets_the_line() {
    assertThat(Race.of(16, n -> rate.allows(), 100)).containsOnlyOnce(true);
  }
}
