package io.claviger.domain.budgets;

import io.claviger.domain.InvalidValue;
import java.util.OptionalLong;

/**
 * The amounts that budgets are finally charged for a call.
 *
 * @param requests 1 if the call was sent to the provider, otherwise 0
 * @param tokens the number of input and output tokens together
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
   * Returns the charge to a budget with the given unit, in the smallest part of this unit. If the
   * model has no price, the charge in dollars is 0.
   */
  public long amountIn(BudgetUnit unit) {
    return switch (unit) {
      case REQUESTS -> requests;
      case TOKENS -> tokens;
      case USD -> nanoDollars.orElse(0);
    };
  }
}
