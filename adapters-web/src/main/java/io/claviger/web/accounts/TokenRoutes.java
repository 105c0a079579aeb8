package io.claviger.web.accounts;

import io.claviger.application.accounts.AccountsModule;
import io.claviger.application.accounts.FindTokens;
import io.claviger.application.accounts.IssueToken;
import io.claviger.application.accounts.RevokeToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenId;
import io.claviger.web.json.Body;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;

/** {@code /v1/users/{user}/tokens}. */
public final class TokenRoutes {
  private final FindTokens find;
  private final IssueToken issue;
  private final RevokeToken revoke;

  public TokenRoutes(AccountsModule accounts) {
    this.find = accounts.findTokens();
    this.issue = accounts.issueToken();
    this.revoke = accounts.revokeToken();
  }

  public void addTo(Routes routes) {
    routes.at("/v1/users/{user}/tokens").get(this::list, "limit", "cursor").post(this::issue);
    routes.at("/v1/users/{user}/tokens/{id}").delete(this::revoke);
  }

  private void list(ApiCall call) {
    Handle user = call.handle("user");
    switch (find.list(call.actor(), user, call.page(CursorFormat.TIME))) {
      case FindTokens.Outcome.Listed listed ->
          call.list(listed.page(), CursorFormat.TIME, TokenJson::of);
      case FindTokens.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void issue(ApiCall call) {
    Handle user = call.handle("user");
    try (Body body = call.body()) {
      switch (issue.issue(call.actor(), user, TokenReader.creation(body.fields(), user))) {
        case IssueToken.Outcome.Issued issued ->
            call.created(
                "/v1/users/" + user + "/tokens/" + issued.token().id().value(),
                NewTokenJson.of(issued.token(), issued.text()));
        case IssueToken.Outcome.Refused refused -> throw Problems.refusal(refused.why());
      }
    }
  }

  private void revoke(ApiCall call) {
    Handle user = call.handle("user");
    switch (revoke.revoke(call.actor(), user, new TokenId(call.id("id")))) {
      case RevokeToken.Outcome.Revoked revoked -> call.noContent();
      case RevokeToken.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }
}
