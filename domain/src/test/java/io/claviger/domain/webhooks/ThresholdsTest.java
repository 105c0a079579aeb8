package io.claviger.domain.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.InvalidValue;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ThresholdsTest {
  @Test
  void they_are_kept_in_ascending_order() {
    assertThat(Thresholds.of(List.of(100, 1, 80)).percents()).containsExactly(1, 80, 100);
  }

  static Stream<List<Integer>> outOfBounds() {
    return Stream.of(
        List.of(),
        List.of(0),
        List.of(101),
        List.of(-1),
        List.of(50, 50),
        IntStream.rangeClosed(1, 11).boxed().toList());
  }

  @ParameterizedTest
  @MethodSource("outOfBounds")
  void others_are_refused(List<Integer> percents) {
    assertThatThrownBy(() -> Thresholds.of(percents))
        .isInstanceOfSatisfying(
            InvalidValue.class, e -> assertThat(e.fault().pointer()).isEqualTo("/thresholds"));
  }
}
