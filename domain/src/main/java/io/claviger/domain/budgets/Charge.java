package io.claviger.domain.budgets;

import io.claviger.domain.InvalidValue;
import java.util.OptionalLong;

/**
 * The final charge of a call.
 *
 * @param requests 1 if the call was sent to the provider, otherwise 0
 * @param tokens the tokens of input and output together
 * @param nanoDollars the cost in nano-dollars; empty if the model has no price
 */
public record Charge(long requests, long tokens, OptionalLong nanoDollars) {
  /** The charge of a call that was never sent to the provider. */
  public static final Charge NOTHING = new Charge(0, 0, OptionalLong.of(0));

  public Charge {
    if (requests < 0 || tokens < 0 || nanoDollars.orElse(0) < 0) {
      throw new InvalidValue("charge", "0 or more");
    }
  }

  /**
   * Returns the part of a charge that counts in this unit, in the smallest part of the unit.
   * Without a price, the charge is 0 dollars.
   */
  public long amountIn(BudgetUnit unit) {
    return switch (unit) {
      case REQUESTS -> requests;
      case TOKENS -> tokens;
      case USD -> nanoDollars.orElse(0);
    };
  }
}
