package io.claviger.domain.budgets;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * What was charged to an account in the current window. Amounts are in the smallest part of the
 * unit.
 *
 * @param settled what is used up
 * @param reserved what nodes have leased for running and coming calls
 * @param resetsAt when the window ends; empty if it never does
 * @param countedFrom the first charge that the account can hold; empty before its first use
 * @param raises the raises in force, the one that ends first comes first
 */
public record BudgetState(
    long settled,
    long reserved,
    Instant windowStartsAt,
    Optional<Instant> resetsAt,
    Optional<Instant> countedFrom,
    List<BudgetRaise> raises) {
  public BudgetState {
    raises = List.copyOf(raises);
  }

  /** The amount of a budget with the raises that are in force. */
  public long allowed(Budget budget) {
    return raises.stream().mapToLong(BudgetRaise::amount).reduce(budget.amount(), BudgetState::sum);
  }

  /** Adds two amounts. Stops at the largest number instead of overflowing. */
  private static long sum(long one, long other) {
    long sum = one + other;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  /** How much of a budget is used up with its raises, in whole percent rounded down, 0 to 100. */
  public int percentUsed(Budget budget) {
    long allowed = allowed(budget);
    return BigInteger.valueOf(Math.min(settled, allowed))
        .multiply(BigInteger.valueOf(100))
        .divide(BigInteger.valueOf(allowed))
        .intValueExact();
  }

  /** What is not used up; part of it may be reserved. Never below 0. */
  public long left(Budget budget) {
    return Math.max(0, allowed(budget) - settled);
  }

  /**
   * When the budget will be used up if calls go on as they did in this window. Empty if the window
   * ends before that, or if nothing was used yet; never earlier than now.
   */
  public Optional<Instant> forecast(Budget budget, Instant now) {
    Instant since = countedFrom.filter(from -> from.isAfter(windowStartsAt)).orElse(windowStartsAt);
    return BudgetForecast.usedUpAt(allowed(budget), settled, since, now)
        .filter(at -> resetsAt.isEmpty() || at.isBefore(resetsAt.get()));
  }

  /** Says when a budget will be used up at the average pace so far. */
  private static final class BudgetForecast {
    /** How far ahead a forecast goes. */
    private static final Duration FARTHEST = Duration.ofDays(3_660);

    private BudgetForecast() {}

    /**
     * @param allowed the whole amount
     * @param settled what was used since {@code since}, 0 or more
     * @return now if it is used up already; empty if nothing was used, no time has passed, or it
     *     will be ten years or more from now
     */
    static Optional<Instant> usedUpAt(long allowed, long settled, Instant since, Instant now) {
      if (settled >= allowed) {
        return Optional.of(now);
      }
      long passed = Duration.between(since, now).toSeconds();
      if (settled <= 0 || passed <= 0) {
        return Optional.empty();
      }
      // Computes with arbitrary precision: amounts reach 10^18, so a product would overflow a long.
      BigInteger seconds =
          BigInteger.valueOf(allowed - settled)
              .multiply(BigInteger.valueOf(passed))
              .divide(BigInteger.valueOf(settled));
      return seconds.compareTo(BigInteger.valueOf(FARTHEST.toSeconds())) >= 0
          ? Optional.empty()
          : Optional.of(now.plusSeconds(seconds.longValueExact()).truncatedTo(ChronoUnit.SECONDS));
    }
  }
}
