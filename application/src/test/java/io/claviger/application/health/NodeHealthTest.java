package io.claviger.application.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.health.Readiness.ReadinessCheck;
import io.claviger.application.shared.StoreUnavailable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeHealthTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private boolean answers = true;
  private final Deque<Instant> own = new ArrayDeque<>();
  private final NodeHealth health =
      new NodeHealth(
          () ->
              List.of(new ReadinessCheck("database", answers), new ReadinessCheck("schema", true)),
          () -> {
            if (!answers) {
              throw new StoreUnavailable(new IOException("gone"));
            }
            return NOON;
          },
          own::removeFirst);

  @Test
  void nothing_is_known_before_the_first_look() {
    assertThat(health.isOk("database")).isEmpty();
    assertThat(health.clockOffset()).isEmpty();
  }

  @Test
  void the_clock_is_compared_with_the_middle_of_the_question() {
    own.add(NOON.minusSeconds(9));
    own.add(NOON.minusSeconds(5));
    health.look();
    assertThat(health.isOk("database")).contains(true);
    assertThat(health.isOk("encryption_keys")).isEmpty();
    assertThat(health.clockOffset()).contains(Duration.ofSeconds(7));
  }

  @Test
  void a_slow_answer_does_not_replace_a_known_offset() {
    own.add(NOON);
    own.add(NOON);
    own.add(NOON.minusSeconds(9));
    own.add(NOON.minusSeconds(5));
    health.look();
    health.look();
    assertThat(health.clockOffset()).contains(Duration.ZERO);
  }

  @Test
  void a_database_that_does_not_answer_is_told_and_the_offset_stays() {
    own.add(NOON.plusSeconds(3));
    own.add(NOON.plusSeconds(3));
    own.add(NOON.plusSeconds(60));
    health.look();
    answers = false;
    health.look();
    assertThat(health.isOk("database")).contains(false);
    assertThat(health.clockOffset()).contains(Duration.ofSeconds(-3));
  }
}
