package io.claviger.web.accounts;

import io.claviger.application.budgetreports.BudgetReport;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.User;
import io.claviger.web.budgets.BudgetReportJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The caller, and the access token that they presented.
 *
 * @param budgets of the token, and of its service if it is restricted to one
 */
record MeJson(
    String handle,
    String displayName,
    boolean administrator,
    Optional<Token> token,
    List<BudgetReportJson> budgets) {
  record Token(
      UUID id,
      String name,
      String scope,
      Optional<Instant> expiresAt,
      Optional<String> service,
      Optional<String> project) {
    static Token of(AccessToken token) {
      return new Token(
          token.id().value(),
          token.name().value(),
          TokenJson.scope(token.scope()),
          token.expiresAt(),
          TokenJson.service(token),
          TokenJson.project(token));
    }
  }

  static MeJson of(User user, Optional<AccessToken> token, List<BudgetReport> budgets) {
    return new MeJson(
        user.handle().value(),
        user.displayName().value(),
        user.administrator(),
        token.map(Token::of),
        budgets.stream().map(BudgetReportJson::of).toList());
  }
}
