package io.claviger.domain.sharing;

/** The things that can be done with an instance, each with a permission of its own. */
public enum Action {
  SEE,
  /**
   * Call it, check its connection, bind it to one's own project, store one's own key for it, or
   * choose it as one's own default.
   */
  USE,
  /**
   * Change display name, description, model, dimensions, context limit, timeout, or the definition
   * that it refers to.
   */
  DESCRIBE,
  /** Enable or disable it. */
  SWITCH,
  /** Change where calls go, custom headers or key policy, or narrow the limits. */
  CONFIGURE,
  /** Widen the service's limits, which apply to callers without limits of their own. */
  WIDEN_LIMITS,
  /** Change what all callers together may use up. */
  BUDGET_IN_ALL,
  /** Choose with which other services of the owner it shares what its provider allows. */
  GROUP_CAPACITY,
  SET_KEY,
  /** Confirm where a credential without a secret is used. */
  CONFIRM_DESTINATION,
  /** Share with borrowers what nobody holds in the account at the provider. */
  SHARE_ACCOUNT,
  CLEAR_KEY,
  /**
   * Write the service's own prices, by which its budgets and those of its shares are charged, and
   * change what prices follow from.
   */
  SET_PRICES,
  /** See, write and delete what the service's provider is asked with about its bill. */
  SET_BILLING,
  /** See what the provider billed, and how it compares with what Claviger counted. */
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
