package io.claviger.domain.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.domain.InvalidValue;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RetentionPolicyTest {
  /** Each combination of what is set and what bounds it, for either kind. */
  @Test
  void the_shorter_time_counts_and_a_longer_one_is_refused() {
    for (int set : new int[] {0, 1, 2, 3}) {
      for (int bound : new int[] {0, 1, 2, 3}) {
        int kept = Stream.of(set, bound).filter(n -> n > 0).mapToInt(n -> n).min().orElse(0);
        boolean longer = bound > 0 && set > bound;
        for (boolean usage : new boolean[] {true, false}) {
          RetentionPolicy policy = policy(usage, set);
          RetentionPolicy bounds = policy(usage, bound);
          assertThat(policy.within(bounds)).isEqualTo(policy(usage, kept));
          assertThat(policy.within(bounds).keepsEverything()).isEqualTo(kept == 0);
          if (longer) {
            assertThatExceptionOfType(InvalidValue.class)
                .isThrownBy(() -> policy.demandWithin(bounds))
                .withMessageStartingWith(usage ? "usage_months" : "audit_months");
          } else {
            assertThatCode(() -> policy.demandWithin(bounds)).doesNotThrowAnyException();
          }
        }
      }
    }
  }

  private static RetentionPolicy policy(boolean usage, int months) {
    Optional<RetentionMonths> stated =
        Optional.of(months).filter(n -> n > 0).map(RetentionMonths::new);
    return usage
        ? new RetentionPolicy(stated, Optional.empty())
        : new RetentionPolicy(Optional.empty(), stated);
  }
}
