package io.claviger.application.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharedTimeTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "PT0S, PT0S",
    "PT0.999S, PT0S",
    "PT1S, PT1S",
    "PT-10M, PT-10M",
    "PT1H, PT1H",
    "PT-1H, PT-1H",
    "PT1H0.001S, PT0S",
    "P-365D, PT0S"
  })
  void a_node_follows_a_clock_that_is_a_second_to_an_hour_away(Duration offset, Duration followed) {
    SharedTime time = new SharedTime(() -> NOON);
    time.learn(Duration.ofMinutes(5));

    time.learn(offset);

    assertThat(time.instant()).isEqualTo(NOON.plus(followed));
  }

  @ParameterizedTest
  @CsvSource({"PT0S, false", "PT1H, false", "PT1H0.001S, true", "P-1D, true"})
  void a_node_uses_its_own_clock_if_the_other_is_too_far_away(Duration offset, boolean own) {
    SharedTime time = new SharedTime(() -> NOON);
    time.learn(own ? Duration.ZERO : Duration.ofDays(2));

    time.learn(offset);

    assertThat(time.isOfOwnClock()).isEqualTo(own);
  }
}
