package io.claviger.domain.budgets;

import java.math.BigInteger;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.Optional;

/**
 * Computes which past calls a budget would have refused. The single calls are not known; only their
 * totals for each quarter of an hour are known. So if the budget would have been used up within a
 * quarter of an hour, a proportional part of that quarter's calls is treated as allowed.
 *
 * @param calls the number of all calls
 * @param refused the number of calls that the budget would have refused
 * @param firstRefusedAt the beginning of the first quarter of an hour with a refused call; empty if
 *     the budget would have refused no call
 */
public record BudgetReplay(long calls, long refused, Optional<Instant> firstRefusedAt) {
  public static final BudgetReplay NONE = new BudgetReplay(0, 0, Optional.empty());

  /**
   * The charges within a quarter of an hour.
   *
   * @param from the time at which the quarter of an hour begins
   * @param requests the number of charged requests
   * @param tokens the charged tokens of input and output
   * @param nanoDollars the charged cost, in billionths of a dollar
   */
  public record Quarter(Instant from, long requests, long tokens, long nanoDollars) {
    long amountIn(BudgetUnit unit) {
      return switch (unit) {
        case USD -> nanoDollars;
        case TOKENS -> tokens;
        case REQUESTS -> requests;
      };
    }
  }

  /**
   * Replays the charges of one caller.
   *
   * @param quarters the quarters in ascending order
   */
  public static BudgetReplay of(Budget budget, List<Quarter> quarters) {
    long calls = 0;
    long refused = 0;
    long left = budget.amount();
    Optional<Instant> first = Optional.empty();
    Optional<LocalDate> window = Optional.empty();
    for (Quarter quarter : quarters) {
      Optional<LocalDate> its = window(budget, quarter.from());
      if (!its.equals(window)) {
        window = its;
        left = budget.amount();
      }
      long charge = quarter.amountIn(budget.unit());
      long passed = passing(quarter.requests(), charge, left);
      calls += quarter.requests();
      refused += quarter.requests() - passed;
      if (passed < quarter.requests()) {
        first = first.or(() -> Optional.of(quarter.from()));
      }
      left -= Math.min(left, charge);
    }
    return new BudgetReplay(calls, refused, first);
  }

  private static long passing(long requests, long charge, long left) {
    return charge <= left
        ? requests
        : BigInteger.valueOf(requests)
            .multiply(BigInteger.valueOf(left))
            .divide(BigInteger.valueOf(charge))
            .longValueExact();
  }

  /** Returns the first day of the window; empty if the budget never resets. */
  private static Optional<LocalDate> window(Budget budget, Instant at) {
    LocalDate day = at.atZone(budget.zone().zoneId()).toLocalDate();
    return switch (budget.window()) {
      case DAY -> Optional.of(day);
      case WEEK -> Optional.of(day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)));
      case MONTH -> Optional.of(day.withDayOfMonth(1));
      case TOTAL -> Optional.empty();
    };
  }
}
