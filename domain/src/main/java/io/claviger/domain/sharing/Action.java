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
  /** Change the budgets for all callers together. */
  BUDGET_IN_ALL,
  /**
   * Choose the other services of the owner with which the instance shares its provider's limits.
   */
  GROUP_CAPACITY,
  SET_KEY,
  /** Confirm where a credential without a secret is used. */
  CONFIRM_DESTINATION,
  /** Share objects in the provider's account with borrowers, if the objects have no holder. */
  SHARE_ACCOUNT,
  CLEAR_KEY,
  /**
   * Write the service's own prices, which determine the charges of its budgets and of its shares'
   * budgets, and change fields that determine prices.
   */
  SET_PRICES,
  /** See, write and delete the billing credential, with which the provider's bill is read. */
  SET_BILLING,
  /** See the provider's bill and its comparison with Claviger's figures. */
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
