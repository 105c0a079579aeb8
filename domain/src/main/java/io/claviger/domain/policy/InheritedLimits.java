package io.claviger.domain.policy;

import java.util.List;

/**
 * The limits of the tokens that were used to create an access token: its parent, the parent's
 * parent and so on. Calls with the access token also count against these limits.
 *
 * @param rates the rates, the strictest last
 * @param budgets the budgets in the order in which they were inherited
 * @param paces the pace limits; of each kind, the strictest last
 */
public record InheritedLimits(
    List<TokenRate> rates, List<TokenBudget> budgets, List<TokenPace> paces) {
  public static final InheritedLimits NONE = new InheritedLimits(List.of(), List.of());

  public InheritedLimits {
    rates = List.copyOf(rates);
    budgets = List.copyOf(budgets);
    paces = List.copyOf(paces);
  }

  public InheritedLimits(List<TokenRate> rates, List<TokenBudget> budgets) {
    this(rates, budgets, List.of());
  }

  /** Creates inherited limits that consist only of rates. */
  public static InheritedLimits of(List<TokenRate> rates) {
    return new InheritedLimits(rates, List.of());
  }
}
