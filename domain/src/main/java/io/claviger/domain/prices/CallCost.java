package io.claviger.domain.prices;

import io.claviger.domain.Amounts;
import io.claviger.domain.usage.ChargedFees;
import io.claviger.domain.usage.PriceVersions;

/**
 * What one call cost, in nano-dollars.
 *
 * @param forService what budgets of the service and of its shares are charged
 * @param forCallers what budgets of users, groups and tokens are charged
 * @param estimated the part of what the service is charged that is for estimated tokens
 * @param versions the versions of the prices that were applied
 * @param fees the part of what the service is charged that is for fees
 */
public record CallCost(
    long forService, long forCallers, long estimated, PriceVersions versions, ChargedFees fees) {
  /** The cost of nothing, by no price. */
  public static final CallCost NONE = new CallCost(0, 0, 0, PriceVersions.NONE);

  /** The cost of a call without fees. */
  public CallCost(long forService, long forCallers, long estimated, PriceVersions versions) {
    this(forService, forCallers, estimated, versions, ChargedFees.NONE);
  }

  public CallCost {
    if (forService < 0 || forCallers < 0 || estimated < 0 || estimated > forService) {
      throw new IllegalArgumentException("costs are not negative, and partly estimated");
    }
  }

  /** Returns the same cost as an estimate. */
  public CallCost estimatedWhole() {
    return new CallCost(forService, forCallers, forService, versions, fees);
  }

  /** Returns this cost and that of another model in the same call. The versions stay. */
  public CallCost plus(CallCost more) {
    return new CallCost(
        Amounts.sum(forService, more.forService),
        Amounts.sum(forCallers, more.forCallers),
        Amounts.sum(estimated, more.estimated),
        versions,
        fees);
  }

  /** The part of this cost that is within bounds. */
  public CallCost atMost(long mostForService, long mostForCallers) {
    return new CallCost(
        Math.min(forService, mostForService),
        Math.min(forCallers, mostForCallers),
        Math.min(estimated, mostForService),
        versions,
        fees.costingAtMost(Math.min(forService, mostForService)));
  }
}
