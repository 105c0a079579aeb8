package io.claviger.application.accounts;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.policy.TokenRate;
import java.util.List;

/** The rate limits that a new access token inherits from the token that creates it. */
final class InheritedRates {
  private InheritedRates() {}

  /**
   * Returns the rates that the new token counts against in addition, whoever it is for.
   *
   * @throws RefusedException when there would be more than {@link TokenRate#MOST}
   */
  static List<TokenRate> from(Actor actor) {
    List<TokenRate> rates = actor.token().map(AccessToken::passedOnRates).orElse(List.of());
    if (rates.size() > TokenRate.MOST) {
      throw RefusedException.forbidden(
          "This access token came from "
              + TokenRate.MOST
              + " others, each with a lower rate than the one before. It can't create another one.");
    }
    return rates;
  }
}
