package io.claviger.application.usage.port;

import java.time.Instant;

/**
 * The charges to an account in a quarter of an hour.
 *
 * @param account the name of the account in budgets
 * @param quarter when the quarter of an hour begins
 * @param tokens the sum of input and output tokens
 * @param nanoDollars the cost of the calls with a price, in billionths of a dollar
 */
public record AccountCharge(
    String account, Instant quarter, long requests, long tokens, long nanoDollars) {
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
