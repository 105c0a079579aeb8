package io.claviger.domain.prices;

import io.claviger.domain.Amounts;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.usage.ChargedFees;
import io.claviger.domain.usage.PriceVersions;

/**
 * The cost of one call, in nano-dollars.
 *
 * @param forService the amount that is charged to budgets of the service and of its shares
 * @param forCallers the amount that is charged to budgets of users, groups and tokens
 * @param estimated the part of {@code forService} that is charged for estimated tokens
 * @param versions the versions of the applied prices
 * @param fees the part of {@code forService} that consists of fees
 */
public record CallCost(
    long forService, long forCallers, long estimated, PriceVersions versions, ChargedFees fees) {
  /** The cost of a call to which no price was applied: 0. */
  public static final CallCost NONE = new CallCost(0, 0, 0, PriceVersions.NONE);

  /** Creates the cost of a call without fees. */
  public CallCost(long forService, long forCallers, long estimated, PriceVersions versions) {
    this(forService, forCallers, estimated, versions, ChargedFees.NONE);
  }

  public CallCost {
    if (forService < 0 || forCallers < 0 || estimated < 0 || estimated > forService) {
      throw new IllegalArgumentException(
          "costs can't be negative, and the estimated part can't exceed the cost");
    }
  }

  /** Returns the amount that is charged to a budget in dollars. */
  public long chargedTo(BudgetMeter meter) {
    return meter.isOfService() ? forService : forCallers;
  }

  /** Returns this cost, marked as completely estimated. */
  public CallCost estimatedWhole() {
    return new CallCost(forService, forCallers, forService, versions, fees);
  }

  /**
   * Returns the sum of this cost and another model's cost in the same call. The result has the
   * price versions of this cost.
   */
  public CallCost plus(CallCost more) {
    return new CallCost(
        Amounts.sum(forService, more.forService),
        Amounts.sum(forCallers, more.forCallers),
        Amounts.sum(estimated, more.estimated),
        versions,
        fees);
  }

  /**
   * Returns this cost with the fees that follow from the provider's statement of the whole cost:
   * the part of the stated cost that exceeds the cost of the tokens, but at most the fees of this
   * cost.
   *
   * @param ofTokens the cost of the same call without fees
   * @param stated the whole cost of the call according to the provider, in nano-dollars
   */
  public CallCost withFeesOf(CallCost ofTokens, long stated) {
    long least = Math.min(ofTokens.forService, forService);
    long service = Math.clamp(stated, least, forService);
    return new CallCost(
        service,
        Math.clamp(stated, Math.min(ofTokens.forCallers, forCallers), forCallers),
        Math.min(estimated, service),
        versions,
        fees.costingAtMost(service - least));
  }

  /** Returns this cost, reduced to the given bounds if necessary. */
  public CallCost atMost(long mostForService, long mostForCallers) {
    return new CallCost(
        Math.min(forService, mostForService),
        Math.min(forCallers, mostForCallers),
        Math.min(estimated, mostForService),
        versions,
        fees.costingAtMost(Math.min(forService, mostForService)));
  }
}
