package io.claviger.domain.budgets;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What was charged to an account in the current window. Amounts are in the smallest part of the
 * unit.
 *
 * @param settled what is used up
 * @param reserved what nodes have leased for running and coming calls
 * @param dearestCall the most that one of the calls of this window could have cost; empty before
 *     the first call
 * @param resetsAt when the window ends; empty if it never does
 * @param countedFrom the first charge that the account can hold; empty before its first use
 * @param raises the raises in force, the one that ends first comes first
 */
public record BudgetState(
    long settled,
    long reserved,
    OptionalLong dearestCall,
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

  /** How much of what is allowed is reserved and not used up, in percent, rounded up. */
  public int percentReserved(Budget budget) {
    long allowed = allowed(budget);
    return BigInteger.valueOf(Math.min(reserved, left(budget)))
        .multiply(BigInteger.valueOf(100))
        .add(BigInteger.valueOf(allowed - 1))
        .divide(BigInteger.valueOf(allowed))
        .intValueExact();
  }

  /** What is not used up; part of it may be reserved. Never below 0. */
  public long left(Budget budget) {
    return Math.max(0, allowed(budget) - settled);
  }

  /**
   * How far one call can take the use beyond the budget. A strict budget is never exceeded, and a
   * request counts as one. Of a measured budget, a call that is admitted by its estimate may cost
   * as much as the dearest one could. Calls that run at the same time can exceed it by more, if
   * several of them cost far more than such calls do.
   *
   * @return 0 if nothing is exceeded; empty if no call shows yet what calls can cost
   */
  public OptionalLong mayExceedBy(Budget budget) {
    return budget.bound() == BudgetBound.STRICT || budget.unit() == BudgetUnit.REQUESTS
        ? OptionalLong.of(0)
        : dearestCall;
  }

  /** When the budget will be used up if calls go on about as they did in this window. */
  public BudgetForecast forecast(Budget budget, Instant now) {
    Instant since = countedFrom.filter(from -> from.isAfter(windowStartsAt)).orElse(windowStartsAt);
    return BudgetForecast.of(
            allowed(budget), settled, reserved, budget.window().period(), since, now)
        .before(resetsAt);
  }
}
