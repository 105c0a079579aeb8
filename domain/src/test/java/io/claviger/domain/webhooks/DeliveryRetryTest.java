package io.claviger.domain.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DeliveryRetryTest {
  @Test
  void pauses_grow_to_an_hour() {
    assertThat(IntStream.of(1, 2, 3, 4, 5, 6, Integer.MAX_VALUE).mapToObj(DeliveryRetry::after))
        .containsExactly(
            Duration.ofSeconds(15),
            Duration.ofMinutes(1),
            Duration.ofMinutes(4),
            Duration.ofMinutes(16),
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofHours(1));
  }
}
