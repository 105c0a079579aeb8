package io.claviger.domain.budgets;

import io.claviger.domain.budgets.BudgetHolder.Kind;

/**
 * The relationship of somebody to the account of a budget. It decides whether they see whose budget
 * it is, how much it allows and how much is left.
 *
 * @param administrator whether they are an administrator
 * @param charged whether the account counts their own use alone, or the use of an access token of
 *     theirs
 * @param member whether they are a member of the group in question
 * @param owner whether they own the service in question, alone or with others; or manage the group;
 *     or are responsible for the service account
 */
public record BudgetViewer(boolean administrator, boolean charged, boolean member, boolean owner) {

  /**
   * Whether a budget is shown to them. Callers see what counts their own use, and the pools of
   * their groups, which they share with people whom they know. They don't see budgets of all
   * callers of a service together, or budgets of the lender, although their calls count against
   * these.
   */
  public boolean sees(Kind kind) {
    if (administrator || charged || owner) {
      return true;
    }
    return switch (kind) {
      case SERVICE_GROUP, GROUP -> member;
      case SERVICE_CALLER, SERVICE, TOKEN, USER, GROUP_MEMBER -> false;
    };
  }
}
