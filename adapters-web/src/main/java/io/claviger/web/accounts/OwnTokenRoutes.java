package io.claviger.web.accounts;

import io.claviger.application.accounts.AccessTokens.IssuedToken;
import io.claviger.application.accounts.OwnToken;
import io.claviger.web.json.Body;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;

/**
 * {@code /v1/me/token} and {@code /v1/me/tokens/narrow}: callers can revoke their access token, or
 * create a narrower token with it.
 */
public final class OwnTokenRoutes implements RouteGroup {
  private final OwnToken token;

  public OwnTokenRoutes(OwnToken token) {
    this.token = token;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/me/token").delete(this::end);
    routes.at("/v1/me/tokens/narrow").post(this::narrow);
  }

  private void narrow(ApiCall call) {
    try (Body body = call.body()) {
      IssuedToken issued =
          Problems.valueOf(
              token.narrow(
                  call.actor(), TokenReader.narrower(body.fields(), call.actor().handle())));
      call.created(
          "/v1/users/" + call.actor().handle() + "/tokens/" + issued.token().id().value(),
          NewTokenJson.of(issued));
    }
  }

  private void end(ApiCall call) {
    Problems.throwIfRefused(token.end(call.actor()));
    call.noContent();
  }
}
