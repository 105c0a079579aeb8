package io.claviger.domain.spending;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.policy.CallLimits.PaceMeter;
import io.claviger.domain.policy.PaceKind;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PaceDemandTest {
  private static final long[] SOME = {0, 1, 49, 50, 51, 99, 100, 101, 5_000};

  @ParameterizedTest
  @EnumSource
  void a_call_takes_what_is_expected_within_the_limit_or_is_larger_than_it(PaceKind kind) {
    for (long input : SOME) {
      for (long output : SOME) {
        for (long guessed : SOME) {
          PaceUse expected = PaceUse.ofCall(input, output);
          PaceDemand demand = new PaceDemand(expected, PaceUse.ofCall(guessed, guessed));
          long guess =
              switch (kind) {
                case TOKENS -> 2 * guessed;
                case INPUT_TOKENS, OUTPUT_TOKENS -> guessed;
                case CONCURRENT -> 1;
              };
          long like =
              switch (kind) {
                case TOKENS -> input + output;
                case INPUT_TOKENS -> input;
                case OUTPUT_TOKENS -> output;
                case CONCURRENT -> 1;
              };
          OptionalLong amount = demand.amountFor(new PaceMeter("a", kind, 100, true));

          assertThat(amount.isEmpty()).isEqualTo(like > 100 && guess > 100);
          assertThat(amount.orElse(Math.min(like, 100))).isEqualTo(Math.min(like, 100));
          assertThat(PaceDemand.partOf(kind, expected)).isEqualTo(like);
        }
      }
    }
  }
}
