package io.claviger.domain.sharing;

/** The actions on an instance, each with its own permission. */
public enum Action {
  SEE,
  /**
   * Call the instance, check its connection, bind one's own project to it, store one's own key for
   * it, or choose it as one's own default.
   */
  USE,
  /**
   * Change display name, description, model, dimensions, context limit, timeout, or the definition
   * to which the instance refers.
   */
  DESCRIBE,
  /** Enable or disable the instance. */
  SWITCH,
  /**
   * Change the destination of calls, custom headers or the key policy, or make the limits stricter.
   */
  CONFIGURE,
  /**
   * Make the service's limits less strict. The service's limits apply to callers without limits of
   * their own.
   */
  WIDEN_LIMITS,
  /** Change the budgets that all callers of the instance share. */
  BUDGET_IN_ALL,
  /** Choose which other services of the owner share the provider's limits with the instance. */
  GROUP_CAPACITY,
  SET_KEY,
  /** Confirm the destination of a credential that contains no secret. */
  CONFIRM_DESTINATION,
  /**
   * Let borrowers use those objects in the account at the provider that are not held by any user of
   * Claviger.
   */
  SHARE_ACCOUNT,
  CLEAR_KEY,
  /**
   * Write the service's own prices, and change fields that affect prices. These prices determine
   * what is charged to the budgets of the service and of its shares.
   */
  SET_PRICES,
  /** See, write and delete the billing credential, with which the provider's bill is read. */
  SET_BILLING,
  /** See the provider's bill, and how the bill compares with Claviger's figures. */
  SEE_BILL,
  /** Enter and delete the provider's invoices. */
  SET_INVOICES,
  SEE_SHARES,
  /** Give, change and remove reader and writer shares. */
  SHARE,
  /** Give, change and remove owner shares. */
  SHARE_OWNERSHIP,
  DELETE
}
