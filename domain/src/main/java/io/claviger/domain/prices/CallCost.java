package io.claviger.domain.prices;

import java.util.OptionalLong;

/**
 * What one call cost, in nano-dollars. Empty where there is no price.
 *
 * @param forService what budgets of the service and of its shares are charged
 * @param forCallers what budgets of users, groups and tokens are charged
 */
public record CallCost(OptionalLong forService, OptionalLong forCallers) {
  public static final CallCost UNKNOWN = new CallCost(OptionalLong.empty(), OptionalLong.empty());
}
