package io.claviger.domain.budgets;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The relationship of a user to a budget that they want to raise. It decides how far they may raise
 * it.
 *
 * @param writes whether the user may write the limits: as the owning user of the service, as the
 *     user of the token, or as an administrator for users and groups
 * @param charged whether the budget counts only the user's own use
 * @param ownBudgets the budgets of a co-owner's own calls, if the budget is part of a share that
 *     the co-owner gave; empty for everybody else
 */
public record BudgetRaiser(boolean writes, boolean charged, Optional<Budgets> ownBudgets) {
  /** Somebody who may not raise the budget. */
  public static final BudgetRaiser NOBODY = new BudgetRaiser(false, false, Optional.empty());

  /** Returns the relationship of a user who may write the limits, or who has no part in them. */
  public static BudgetRaiser of(boolean writes) {
    return new BudgetRaiser(writes, false, Optional.empty());
  }

  /**
   * The most that the budget may be, with all its raises in force. A co-owner can raise only
   * budgets of shares that they gave, up to what they could give. Returns in the smallest part of
   * the unit; empty if the user may not raise it.
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
