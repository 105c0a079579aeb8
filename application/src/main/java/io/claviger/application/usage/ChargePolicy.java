package io.claviger.application.usage;

import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.definitions.Provider;
import java.util.List;

/**
 * The rules by which a call is charged.
 *
 * @param provider the provider that determines the prices
 * @param accounts the accounts of services and users to which a call is charged, whether or not an
 *     account has a budget
 * @param budgets the budgets that count the call
 * @param rates the names under which rate limits count the call
 */
public record ChargePolicy(
    Provider provider, List<String> accounts, List<BudgetMeter> budgets, List<String> rates) {
  /** Creates a policy for calls that count against no rate limit. */
  public ChargePolicy(Provider provider, List<String> accounts, List<BudgetMeter> budgets) {
    this(provider, accounts, budgets, List.of());
  }

  /** Creates a policy for calls that are not charged to a budget. */
  public ChargePolicy(Provider provider, List<String> accounts) {
    this(provider, accounts, List.of());
  }

  /**
   * Creates a policy for calls that are charged to nobody, such as calls with the caller's own key.
   */
  public static ChargePolicy toNobody(Provider provider) {
    return new ChargePolicy(provider, List.of());
  }

  public ChargePolicy {
    accounts = List.copyOf(accounts);
    budgets = List.copyOf(budgets);
    rates = List.copyOf(rates);
  }
}
