package io.claviger.application.budgets;

import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetMeter;
import java.util.Optional;

/**
 * The amount that a call has to reserve in one budget.
 *
 * @param amount the highest cost that is expected for the call, 0 or more, in the smallest part of
 *     the budget's unit
 * @param most the highest charge that is possible for the call; at least {@code amount}
 * @param caller the user who makes the call; empty if there is no call, and only the amount that
 *     the budget leaves is of interest
 */
public record BudgetDemand(BudgetMeter meter, long amount, long most, Optional<User.Id> caller) {
  public BudgetDemand {
    most = Math.max(amount, most);
  }

  /** A demand of a call whose expected cost is also its highest possible cost. */
  public BudgetDemand(BudgetMeter meter, long amount, Optional<User.Id> caller) {
    this(meter, amount, amount, caller);
  }
}
