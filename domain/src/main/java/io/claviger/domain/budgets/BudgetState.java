package io.claviger.domain.budgets;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was charged to an account in the current window. Amounts are in the smallest part of the
 * unit.
 *
 * @param settled what is used up
 * @param reserved what nodes hold for calls under way and to come
 * @param resetsAt when the window ends; empty if it never does
 * @param countedFrom the first charge that the account can hold; empty before its first use
 * @param raises those in force, the one that ends first comes first
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

  /** What a budget allows with the raises that are in force. */
  public long allowed(Budget budget) {
    return raises.stream().mapToLong(BudgetRaise::amount).reduce(budget.amount(), BudgetState::sum);
  }

  /** Stops at the largest number instead of overflowing. */
  private static long sum(long one, long other) {
    long sum = one + other;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  /** How much of a budget is used up with its raises, in whole percent rounded down, 0 to 100. */
  public int percentUsed(Budget budget) {
    long allowed = allowed(budget);
    if (settled >= allowed) {
      return 100;
    }
    return BigInteger.valueOf(settled)
        .multiply(BigInteger.valueOf(100))
        .divide(BigInteger.valueOf(allowed))
        .intValueExact();
  }

  /** What is not used up; part of it may be reserved. Never below 0. */
  public long left(Budget budget) {
    return Math.max(0, allowed(budget) - settled);
  }

  /**
   * When the budget will be used up if calls go on as they did in this window.
   *
   * @return empty if the window ends before that, or if nothing was used yet; not before now
   */
  public Optional<Instant> forecast(Budget budget, Instant now) {
    Instant since = countedFrom.filter(from -> from.isAfter(windowStartsAt)).orElse(windowStartsAt);
    return BudgetForecast.usedUpAt(allowed(budget), settled, since, now)
        .filter(at -> resetsAt.isEmpty() || at.isBefore(resetsAt.get()));
  }
}
