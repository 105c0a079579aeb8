package io.claviger.application.usage.port;

import java.time.Instant;

/**
 * What was charged to an account within a quarter of an hour.
 *
 * @param account the text by which budgets name it
 * @param quarter the beginning
 * @param tokens input and output
 * @param nanoDollars the nano dollars of the calls that had a price
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
