package io.claviger.domain.spending;

import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.prices.CallCost;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.usage.TokenUsage;
import java.util.Optional;

/**
 * What a call that was sent to its provider is charged.
 *
 * @param tokens input and output
 * @param cost empty where there is no price
 */
public record CallCharge(long tokens, Optional<CallCost> cost) {

  /**
   * @param failed whether the provider answered with an error
   */
  public static CallCharge of(TokenUsage usage, CallPrices prices, boolean failed) {
    return new CallCharge(Amounts.sum(usage.input(), usage.output()), prices.costOf(usage, failed));
  }

  /** The charge of one budget, in the smallest part of its unit; 0 dollars without a price. */
  public long amountFor(BudgetMeter meter) {
    return switch (meter.budget().unit()) {
      case REQUESTS -> 1;
      case TOKENS -> tokens;
      case USD ->
          cost.map(of -> CallEstimate.isOfService(meter) ? of.forService() : of.forCallers())
              .orElse(0L);
    };
  }
}
