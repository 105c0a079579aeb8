package io.claviger.application.usage.port;

import java.time.Instant;

/**
 * The charges to an account within a quarter of an hour.
 *
 * @param account the text by which budgets name the account
 * @param quarter the beginning of the quarter of an hour
 * @param tokens input and output tokens together
 * @param nanoDollars the cost of the calls that had a price, in billionths of a dollar
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
