package io.claviger.domain.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompressionThresholdTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 99, 100})
  void a_threshold_is_0_to_100_per_cent(int value) {
    assertThat(new CompressionThreshold(value).value()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 101, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void and_nothing_else(int value) {
    assertThatExceptionOfType(InvalidValue.class)
        .isThrownBy(() -> new CompressionThreshold(value))
        .satisfies(e -> assertThat(e.field()).isEqualTo("compression_threshold"));
  }
}
