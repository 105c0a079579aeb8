package io.claviger.domain.budgets;

import io.claviger.domain.Amounts;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The use in an account's current window. Amounts are in the smallest part of the unit.
 *
 * @param settled the used amount
 * @param reserved the amount that nodes have reserved for running and future calls
 * @param dearestCall the highest possible cost of a single call in this window; empty before the
 *     first call
 * @param resetsAt the end of the window; empty if the window never ends
 * @param countedFrom the time from which charges are counted; empty before the first charge
 * @param raises the raises in force, ordered by their ends, the earliest first
 * @param hasWindow whether the ledger has the window; it creates the window at the first call that
 *     is charged to the account in the window, or earlier if somebody looks at a group's budget
 */
public record BudgetState(
    long settled,
    long reserved,
    OptionalLong dearestCall,
    Instant windowStartsAt,
    Optional<Instant> resetsAt,
    Optional<Instant> countedFrom,
    List<BudgetRaise> raises,
    boolean hasWindow) {
  public BudgetState {
    raises = List.copyOf(raises);
  }

  /** Returns the amount of a budget including the raises that are in force. */
  public long allowed(Budget budget) {
    return raises.stream().mapToLong(BudgetRaise::amount).reduce(budget.amount(), Amounts::sum);
  }

  /**
   * Returns the used percentage of a budget's amount including its raises: a whole number from 0 to
   * 100, rounded down.
   */
  public int percentUsed(Budget budget) {
    long allowed = allowed(budget);
    return BigInteger.valueOf(Math.min(settled, allowed))
        .multiply(BigInteger.valueOf(100))
        .divide(BigInteger.valueOf(allowed))
        .intValueExact();
  }

  /** Returns the percentage of the allowed amount that is reserved and not used yet, rounded up. */
  public int percentReserved(Budget budget) {
    long allowed = allowed(budget);
    return BigInteger.valueOf(Math.min(reserved, left(budget)))
        .multiply(BigInteger.valueOf(100))
        .add(BigInteger.valueOf(allowed - 1))
        .divide(BigInteger.valueOf(allowed))
        .intValueExact();
  }

  /**
   * Returns the amount that is not used yet, even if it is reserved. The result is never below 0.
   */
  public long left(Budget budget) {
    return Math.max(0, allowed(budget) - settled);
  }

  /**
   * Returns the amount by which one call can exceed the budget. A {@code strict} budget is never
   * exceeded. A budget of requests can't be exceeded either, because a call always counts as
   * exactly one request. Under a {@code measured} budget, a call that was admitted by its estimate
   * might cost as much as the most expensive call. Concurrent calls can exceed the budget by more
   * if several of them cost far more than usual. Calls without a price cost a budget of dollars
   * nothing, although each of them reserves {@link Budget#LEAST_DOLLARS}.
   *
   * @return 0 if the budget can't be exceeded; empty before the first call, because only earlier
   *     calls show how much a call can cost
   */
  public OptionalLong mayExceedBy(Budget budget) {
    if (budget.bound() == BudgetBound.STRICT || budget.unit() == BudgetUnit.REQUESTS) {
      return OptionalLong.of(0);
    }
    boolean onlyReserves =
        budget.unit() == BudgetUnit.USD
            && dearestCall.isPresent()
            && dearestCall.getAsLong() <= Budget.LEAST_DOLLARS;
    return onlyReserves ? OptionalLong.of(0) : dearestCall;
  }

  /** Returns when the budget will be used up if calls continue at about the pace of this window. */
  public BudgetForecast forecast(Budget budget, Instant now) {
    Instant since = countedFrom.filter(from -> from.isAfter(windowStartsAt)).orElse(windowStartsAt);
    return BudgetForecast.of(
            allowed(budget), settled, reserved, budget.window().period(), since, now)
        .before(resetsAt);
  }
}
