package io.claviger.application.budgets;

import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.BudgetMeter;
import java.util.Optional;

/**
 * The amount that a call has to reserve from a budget.
 *
 * @param amount the highest expected cost of the call, at least 0, in the smallest part of the
 *     budget's unit
 * @param most the highest possible charge of the call, at least {@code amount}
 * @param caller the user who makes the call; empty if there is no call and the demand only asks for
 *     the remaining amount
 */
public record BudgetDemand(BudgetMeter meter, long amount, long most, Optional<User.Id> caller) {
  public BudgetDemand {
    most = Math.max(amount, most);
  }

  /** A call's demand whose expected cost is also the highest possible cost. */
  public BudgetDemand(BudgetMeter meter, long amount, Optional<User.Id> caller) {
    this(meter, amount, amount, caller);
  }
}
