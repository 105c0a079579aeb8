package io.claviger.console.accounts;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.AccessTokens.IssuedToken;
import io.claviger.application.accounts.AccessTokens.NewToken;
import io.claviger.application.accounts.OwnToken;
import io.claviger.application.accounts.Users;
import io.claviger.application.accounts.port.EndedCredentials;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Refusal;
import io.claviger.console.accounts.AccountReader.AccountView;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.FormState;
import io.claviger.console.page.SignInAgain;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.policy.Limits;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Pages for the access tokens of accounts other than the viewer's own. The tokens of a service
 * account are created by a user who is responsible for the account. Administrators can revoke
 * people's tokens, or replace all tokens of a person with a new token.
 */
public final class TokenPages implements ConsolePage {
  private static final String PATH = "/console/people/{user}/access";
  private static final TokenName RECOVERY = new TokenName("Recovery");

  private final Users users;
  private final AccessTokens accessTokens;
  private final Views views;
  private final TokenSection tokens;

  public TokenPages(Users users, AccessTokens accessTokens, OwnToken ownToken, Views views) {
    this.users = users;
    this.accessTokens = accessTokens;
    this.views = views;
    this.tokens = new TokenSection(accessTokens, ownToken);
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes
        .pageAt(PATH)
        .openGet(visitors.signedIn(visit -> show(visit, 200, null, null, FormState.EMPTY)));
    routes.pageAt(PATH + "/tokens").openPost(visitors.signedIn(this::issue));
    routes.pageAt(PATH + "/tokens/{id}/revoke").openPost(visitors.signedIn(this::revoke));
    routes.pageAt(PATH + "/recovery").openPost(visitors.signedIn(this::recover));
  }

  private void issue(Visit visit) {
    Form form = visit.form();
    try {
      IssuedToken issued = tokens.issue(form, visit.signedIn(), user(visit));
      show(visit, 200, issued.text().reveal(), null, FormState.EMPTY);
    } catch (RuntimeException e) {
      Problem problem = Problems.orThrow(e);
      show(visit, problem.status(), null, null, TokenSection.refused(form, problem));
    }
  }

  /** Replaces all tokens of a person with a new token, after the person lost their token. */
  private void recover(Visit visit) {
    Form form = visit.form();
    NewToken wanted =
        new NewToken(
            RECOVERY,
            Optional.of(TokenScope.MANAGE),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Limits.NONE,
            true);
    Actor actor = visit.signedIn().actor();
    Outcome<IssuedToken> outcome =
        accessTokens.issue(actor, visit.signedIn().session(), user(visit), wanted);
    if (outcome instanceof Outcome.Refused<IssuedToken> refused) {
      Problem problem = Problems.refusal(refused.why()).problem();
      if (SignInAgain.isMeant(problem)) {
        show(visit, problem.status(), null, null, TokenSection.refused(form, problem));
        return;
      }
    }
    if (outcome instanceof Outcome.Refused<IssuedToken> refused
        && refused.why() instanceof Refusal.Invalid) {
      // The form has no fields, so the use case can't have refused an invalid input. The only other
      // reason for such a refusal is that the token with which this session began is too narrow.
      actor.demandUnlimited("A recovery token");
    }
    IssuedToken issued = Problems.valueOf(outcome);
    show(
        visit,
        200,
        issued.text().reveal(),
        issued.ended().map(EndedCredentials::sentence).orElse(null),
        FormState.EMPTY);
  }

  private void revoke(Visit visit) {
    Form unusedForm = visit.form();
    AccessToken.Id unused =
        tokens.revoke(visit.signedIn().actor(), user(visit), visit.pathParam("id"));
    visit.redirect(path(user(visit)));
  }

  private void show(
      Visit visit, int status, @Nullable String fresh, @Nullable String ended, FormState form) {
    Actor actor = visit.signedIn().actor();
    User user = Problems.valueOf(users.find(actor, user(visit)));
    String after = visit.query("after").orElse("");
    views.show(
        visit,
        status,
        Area.PEOPLE,
        "Access of " + user.handle(),
        "access",
        new AccessView(
            PersonLine.of(user),
            tokens.page(
                actor,
                user.handle(),
                path(user.handle()),
                user.isServiceAccount(),
                after,
                fresh,
                form),
            ended,
            KnownTokens.of(users, actor, user),
            !user.isServiceAccount() && actor.administrator() && !user.id().equals(actor.id())));
  }

  private static String path(Handle user) {
    return Area.PEOPLE.path(user) + "/access";
  }

  private static Handle user(Visit visit) {
    return new Handle(visit.pathParam("user"));
  }

  /**
   * The access tokens of an account that is not the viewer's own.
   *
   * @param ended the credentials that a recovery has just ended; null if there was no recovery
   * @param known the service accounts whose access tokens the person might know
   * @param mayRecover whether the viewer may replace all tokens of the account with a new token
   */
  public record AccessView(
      PersonLine person,
      AccountView.Tokens tokens,
      @Nullable String ended,
      KnownTokens known,
      boolean mayRecover) {}
}
