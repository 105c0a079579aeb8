package io.claviger.domain.policy;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.Budgets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A budget of an access token. Calls with tokens that were created with this token are charged to
 * the budget too. So creating more tokens does not allow more use. The budget is copied to each new
 * token and outlives the token for which it was set.
 *
 * <p>A budget is not charged separately if an inherited budget with the same unit, window and zone
 * already enforces it. So the list of inherited budgets stays short if somebody replaces a token
 * again and again by a token with the same budget. If the inherited budget is raised, all of these
 * tokens may use the raised amount.
 *
 * @param token the token for which the budget was set
 */
public record TokenBudget(UUID token, Budget budget) {
  /** The greatest number of budgets that a token can inherit. */
  public static final int MOST = 8;

  /**
   * Returns the budgets that tokens inherit when they are created with a certain token.
   *
   * @param inherited the budgets that the token itself inherited
   * @param own the budgets that are set for the token itself
   */
  public static List<TokenBudget> passedOn(List<TokenBudget> inherited, UUID token, Budgets own) {
    List<TokenBudget> all = new ArrayList<>(inherited);
    notImplied(inherited, own).all().forEach(budget -> all.add(new TokenBudget(token, budget)));
    return List.copyOf(all);
  }

  /** Returns the token's own budgets that no inherited budget enforces already. */
  static Budgets notImplied(List<TokenBudget> inherited, Budgets own) {
    return new Budgets(
        own.all().stream()
            .filter(mine -> inherited.stream().noneMatch(i -> i.budget().isWithin(mine)))
            .toList());
  }
}
