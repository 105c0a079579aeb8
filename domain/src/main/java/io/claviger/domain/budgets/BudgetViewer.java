package io.claviger.domain.budgets;

import io.claviger.domain.budgets.BudgetHolder.Kind;

/**
 * The relationship of a viewer to the account of a budget. The relationship decides whether the
 * viewer sees the budget's holder, the allowed amount and the remaining amount.
 *
 * @param administrator whether the viewer is an administrator
 * @param charged whether the account counts only the use of the viewer or of one of the viewer's
 *     access tokens
 * @param member whether the viewer is a member of the group
 * @param owner whether the viewer is an owner or co-owner of the service, manages the group, or is
 *     responsible for the service account
 */
public record BudgetViewer(boolean administrator, boolean charged, boolean member, boolean owner) {

  /**
   * Whether the viewer sees a budget. Callers see budgets that count only their own use, and the
   * pooled budgets of their groups, because they know the people with whom they share these
   * budgets. Callers see neither budgets for all callers of a service nor the lender's budgets,
   * although these budgets also count the callers' calls.
   */
  public boolean sees(Kind kind) {
    if (administrator || charged || owner) {
      return true;
    }
    return switch (kind) {
      case SERVICE_GROUP, GROUP -> member;
      case SERVICE_CALLER, SERVICE, TOKEN, USER, GROUP_MEMBER, GROUP_OWNER, PROJECT_CALLER -> false;
    };
  }
}
