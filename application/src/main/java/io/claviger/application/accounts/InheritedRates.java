package io.claviger.application.accounts;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.policy.TokenRate;
import java.util.List;

/** What a new access token inherits from the one by which it is created. */
final class InheritedRates {
  private InheritedRates() {}

  /**
   * The rates that a new token counts against, too, whoever it is for.
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
