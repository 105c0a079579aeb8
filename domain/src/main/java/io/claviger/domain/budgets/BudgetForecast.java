package io.claviger.domain.budgets;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Says when a budget will be used up at the average pace so far. */
final class BudgetForecast {
  /** How far ahead it looks. */
  private static final Duration FARTHEST = Duration.ofDays(3_660);

  private BudgetForecast() {}

  /**
   * @param allowed the whole amount
   * @param settled what was used since {@code since}, 0 or more
   * @return now if it is used up already; empty if nothing was used, no time has passed, or it will
   *     be ten years or more from now
   */
  static Optional<Instant> usedUpAt(long allowed, long settled, Instant since, Instant now) {
    if (settled >= allowed) {
      return Optional.of(now);
    }
    long passed = Duration.between(since, now).toSeconds();
    if (settled <= 0 || passed <= 0) {
      return Optional.empty();
    }
    // In whole numbers: amounts reach 10^18, so that a product overflows a long.
    BigInteger seconds =
        BigInteger.valueOf(allowed - settled)
            .multiply(BigInteger.valueOf(passed))
            .divide(BigInteger.valueOf(settled));
    return seconds.compareTo(BigInteger.valueOf(FARTHEST.toSeconds())) >= 0
        ? Optional.empty()
        : Optional.of(now.plusSeconds(seconds.longValueExact()).truncatedTo(ChronoUnit.SECONDS));
  }
}
