package io.claviger.application.accounts;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.policy.InheritedLimits;
import io.claviger.domain.policy.TokenBudget;
import io.claviger.domain.policy.TokenPace;
import io.claviger.domain.policy.TokenRate;

/** The limits that a new access token inherits from the token that creates it. */
final class PassedOnLimits {
  private PassedOnLimits() {}

  /**
   * Returns the inherited limits. Calls with the new token count toward these limits and toward the
   * new token's own limits.
   *
   * @throws RefusedException when the new token would have more than {@link TokenRate#MOST} rate
   *     limits, {@link TokenBudget#MOST} budgets or {@link TokenPace#MOST} pace limits
   */
  static InheritedLimits from(Actor actor) {
    InheritedLimits limits = actor.token().map(AccessToken::passedOn).orElse(InheritedLimits.NONE);
    if (limits.rates().size() > TokenRate.MOST) {
      throw RefusedException.forbidden(
          "Tokens created with this access token would inherit "
              + limits.rates().size()
              + " rate limits. At most "
              + TokenRate.MOST
              + " are allowed.");
    }
    if (limits.budgets().size() > TokenBudget.MOST) {
      throw RefusedException.forbidden(
          "Tokens created with this access token would inherit "
              + limits.budgets().size()
              + " budgets. At most "
              + TokenBudget.MOST
              + " are allowed.");
    }
    if (limits.paces().size() > TokenPace.MOST) {
      throw RefusedException.forbidden(
          "Tokens created with this access token would inherit "
              + limits.paces().size()
              + " limits of tokens a minute and of calls at a time. At most "
              + TokenPace.MOST
              + " are allowed.");
    }
    return limits;
  }
}
