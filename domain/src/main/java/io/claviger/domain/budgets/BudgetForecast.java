package io.claviger.domain.budgets;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Estimates when a budget will be used up. The pace up to now is the mean use per period. Because
 * the use varies between periods, the mean of n periods is assumed to be wrong by a factor of up to
 * 1 + 1/√n. This factor results if the standard deviation equals the mean. So the forecast's range
 * is wide at first and gets narrower with each period.
 *
 * @param at the time at which the budget is used up at the average pace so far; empty if the time
 *     is unknown or not before the end of the window
 * @param earliest when the budget is used up if the pace is faster and everything that is reserved
 *     is used; empty if the time is unknown or not before the end of the window
 * @param latest the time at which the budget is used up at a slower pace; empty if the budget might
 *     last until the end of the window
 */
public record BudgetForecast(
    Optional<Instant> at, Optional<Instant> earliest, Optional<Instant> latest) {
  /** The longest time that a forecast looks ahead. */
  private static final Duration FARTHEST = Duration.ofDays(3_660);

  /**
   * @param allowed the whole amount of the budget
   * @param settled the use from {@code since} until now, 0 or more
   * @param reserved the amount reserved for running and future calls, 0 or more
   * @param period the time for which the pace is assumed to stay the same
   */
  static BudgetForecast of(
      long allowed, long settled, long reserved, Duration period, Instant since, Instant now) {
    if (settled >= allowed) {
      return new BudgetForecast(Optional.of(now), Optional.of(now), Optional.of(now));
    }
    long passed = Duration.between(since, now).toSeconds();
    if (settled <= 0 || passed <= 0) {
      return new BudgetForecast(Optional.empty(), Optional.empty(), Optional.empty());
    }
    double wrongBy = 1 + Math.sqrt(period.toSeconds() / (double) passed);
    long left = allowed - settled;
    return new BudgetForecast(
        usedUp(left, settled, passed, 1, now),
        usedUp(Math.max(0, left - reserved), settled, passed, 1 / wrongBy, now),
        usedUp(left, settled, passed, wrongBy, now));
  }

  /** Returns a copy that contains only the times before the end of the window. */
  BudgetForecast before(Optional<Instant> end) {
    return new BudgetForecast(before(at, end), before(earliest, end), before(latest, end));
  }

  private static Optional<Instant> before(Optional<Instant> time, Optional<Instant> end) {
    return time.filter(is -> end.isEmpty() || is.isBefore(end.get()));
  }

  /** The time at which the budget is used up; empty if it is ten years or more from now. */
  private static Optional<Instant> usedUp(
      long left, long settled, long passed, double slower, Instant now) {
    // Computes with decimals: amounts reach 10^18, so a product would overflow a long.
    BigDecimal seconds =
        BigDecimal.valueOf(left)
            .multiply(BigDecimal.valueOf(passed))
            .divide(BigDecimal.valueOf(settled), MathContext.DECIMAL128)
            .multiply(BigDecimal.valueOf(slower))
            .setScale(0, RoundingMode.HALF_UP);
    return seconds.compareTo(BigDecimal.valueOf(FARTHEST.toSeconds())) >= 0
        ? Optional.empty()
        : Optional.of(now.plusSeconds(seconds.longValueExact()).truncatedTo(ChronoUnit.SECONDS));
  }
}
