package io.claviger.application.usage.port;

import io.claviger.domain.budgets.BudgetHolder;
import io.claviger.domain.usage.UsageCounts;
import java.time.Duration;
import java.time.Instant;

/**
 * The sum of the charges to an account in a quarter of an hour.
 *
 * @param account the name by which budgets know the account
 * @param quarter when the quarter of an hour begins
 * @param requests the number of requests
 * @param tokens the sum of input and output tokens
 * @param nanoDollars the cost of those calls that have a price, in billionths of a dollar
 */
public record AccountCharge(
    String account, Instant quarter, long requests, long tokens, long nanoDollars) {
  private static final long QUARTER = Duration.ofMinutes(15).toSeconds();

  /** Returns the time at which the current quarter of an hour began, as of the given time. */
  public static Instant quarterOf(Instant at) {
    return Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), QUARTER) * QUARTER);
  }

  /** Returns the charge of this usage to an account. */
  public static AccountCharge of(String account, Instant quarter, UsageCounts counts) {
    return new AccountCharge(
        account,
        quarter,
        counts.requests(),
        Math.max(0, counts.inputTokens() + counts.outputTokens()),
        BudgetHolder.isOfService(account) ? counts.cost().cost() : counts.cost().callersCost());
  }

  public AccountCharge plus(AccountCharge more) {
    return new AccountCharge(
        account,
        quarter,
        requests + more.requests,
        capped(tokens + more.tokens),
        capped(nanoDollars + more.nanoDollars));
  }

  private static long capped(long sum) {
    return sum < 0 ? Long.MAX_VALUE : sum;
  }
}
