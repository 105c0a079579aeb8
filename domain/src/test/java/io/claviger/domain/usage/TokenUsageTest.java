package io.claviger.domain.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenUsageTest {
  private static final TokenParts PARTS = new TokenParts(1, 2, 3, 4, 5, 6, 7, 8, 9, 0);

  /** Stated input and output, bytes, pieces; then input, output, and what of both is estimated. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 0, 0, 0, 0, 0, 0",
    "0, 0, 10, 7, 3, 7, 1, 3, 7",
    "0, 0, 8, 0, 2, 0, 1, 2, 0",
    "5, 0, 10, 7, 5, 7, 1, 0, 7",
    "5, 1, 10, 7, 5, 7, 1, 0, 7",
    "5, 9, 10, 7, 5, 9, 0, 0, 0",
    "5, 9, 10, 0, 5, 9, 0, 0, 0",
    "0, 9, 10, 7, 3, 9, 1, 3, 0"
  })
  void a_broken_stream_used_what_is_stated_and_else_what_is_estimated(
      long statedInput,
      long statedOutput,
      long bytes,
      long pieces,
      long input,
      long output,
      long requests,
      long estimatedInput,
      long estimatedOutput) {
    TokenUsage usage =
        TokenUsage.stated(statedInput, statedOutput, PARTS).orEstimated(bytes, pieces);

    assertThat(usage)
        .isEqualTo(
            new TokenUsage(
                input,
                output,
                PARTS,
                new EstimatedUsage(requests, estimatedInput, estimatedOutput)));
  }

  @Test
  void parts_are_added_each_to_its_own() {
    assertThat(PARTS.plus(PARTS)).isEqualTo(new TokenParts(2, 4, 6, 8, 10, 12, 14, 16, 18, 0));
    assertThat(new EstimatedUsage(1, 2, 3).plus(new EstimatedUsage(4, 5, Long.MAX_VALUE)))
        .isEqualTo(new EstimatedUsage(5, 7, Long.MAX_VALUE));
  }

  @Test
  void each_number_beyond_its_bound_is_reduced_to_the_bound() {
    long[] bounds = {10, 20, 10, 10, 10, 20, 10, 20, 10, 20, 3, 10, 20};
    for (int i = 0; i < bounds.length; i++) {
      long[] numbers = new long[bounds.length];
      numbers[i] = bounds[i];
      TokenUsage most = usage(numbers);
      numbers[i]++;

      assertThat(usage(numbers).atMost(10, 20, 3)).isEqualTo(most);
      assertThat(most.atMost(10, 20, 3)).isSameAs(most);
    }
  }

  /** Returns a usage with these numbers, in the order of the constructors. */
  private static TokenUsage usage(long[] of) {
    TokenParts parts =
        new TokenParts(of[2], of[3], of[4], of[5], of[6], of[7], of[8], of[9], of[10], 0);
    return new TokenUsage(of[0], of[1], parts, new EstimatedUsage(0, of[11], of[12]));
  }

  @Test
  void fresh_input_is_what_the_caches_leave() {
    assertThat(PARTS.freshInput(10)).isEqualTo(4);
    assertThat(PARTS.freshInput(5)).isZero();
    assertThat(PARTS.audio()).isEqualTo(11);
  }

  @Test
  void parts_are_not_negative() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TokenParts(0, 0, 0, 0, 0, 0, 0, 0, -1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new EstimatedUsage(0, -1, 0));
  }

  @ParameterizedTest
  @CsvSource({"gpt, gpt", "a/b:c, a/b:c", "other, other", "' ', other", "'', other"})
  void a_model_is_called_by_its_name_if_that_can_be_one(String name, String model) {
    assertThat(UsageModel.called(name).name()).isEqualTo(model);
  }

  @Test
  void a_name_that_can_not_be_stored_is_another_model() {
    assertThat(UsageModel.called("a\u0000b")).isEqualTo(UsageModel.OTHER);
    assertThat(UsageModel.called("\ud800")).isEqualTo(UsageModel.OTHER);
    assertThat(UsageModel.called("m".repeat(257))).isEqualTo(UsageModel.OTHER);
    assertThat(UsageModel.UNKNOWN.isKnown()).isFalse();
  }
}
