package io.claviger.domain.budgets;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The relationship of a user to a budget that the user wants to raise. The relationship decides how
 * far the user may raise the budget.
 *
 * @param writes whether the user may write the limits that contain the budget. The owner of a
 *     service may write the limits of the service. The owner of a token may write the limits of the
 *     token. Administrators may write the limits of users and groups
 * @param charged whether the budget counts only the user's own use
 * @param ownBudgets the budgets of the user's own calls, if the user is a co-owner who gave the
 *     share with this budget; otherwise empty
 */
public record BudgetRaiser(boolean writes, boolean charged, Optional<Budgets> ownBudgets) {
  /** A user who may not raise the budget. */
  public static final BudgetRaiser NOBODY = new BudgetRaiser(false, false, Optional.empty());

  /** Returns the relationship of a user who is not a co-owner. */
  public static BudgetRaiser of(boolean writes) {
    return new BudgetRaiser(writes, false, Optional.empty());
  }

  /**
   * Returns the largest amount that the budget may have, including all raises in force. A co-owner
   * can raise only the budgets of shares that this co-owner gave, up to the amount that the
   * co-owner can give. The amount is in the smallest part of the unit; empty if the user may not
   * raise the budget.
   */
  public OptionalLong most(Budget budget) {
    if (writes) {
      return OptionalLong.of(Long.MAX_VALUE);
    }
    if (charged || ownBudgets.isEmpty()) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(
        ownBudgets.get().find(budget.key()).map(Budget::amount).orElse(Long.MAX_VALUE));
  }
}
