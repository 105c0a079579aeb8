package io.claviger.web.accounts;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.oauth.DeviceGrants;
import io.claviger.application.scim.ScimTokens;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.oauth.RefreshToken;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.OpenCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.Optional;

/** {@code /v1/users/{user}/tokens}. */
public final class TokenRoutes implements RouteGroup {
  /** The maximum number of leaked tokens that may be reported per minute from one address. */
  static final int LEAKED_PER_MINUTE = 10;

  private final AccessTokens tokens;

  private final ScimTokens scimTokens;

  private final DeviceGrants grants;

  public TokenRoutes(AccessTokens tokens, ScimTokens scimTokens, DeviceGrants grants) {
    this.tokens = tokens;
    this.scimTokens = scimTokens;
    this.grants = grants;
  }

  @Override
  public void addTo(Routes routes) {
    routes
        .at("/v1/users/{user}/tokens")
        .get(this::list, "limit", "cursor", "service")
        .post(this::issue);
    routes.at("/v1/users/{user}/tokens/{id}").delete(this::revoke);
    routes.at("/v1/tokens/_leaked").openPost(this::endLeaked);
  }

  /**
   * Anybody who has the text of an access token may revoke the token. The answer does not say
   * whether the text was an access token.
   */
  private void endLeaked(OpenCall call) {
    call.countRarely(LEAKED_PER_MINUTE);
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Field<TokenText> token =
          fields.required(
              "token", JsonConverter.text(TokenText::presented), "The text of a token.");
      fields.rejectUnread();
      TokenText text = token.given().orElseThrow();
      tokens.endLeaked(text, call.address(), call.requestId());
      scimTokens.endLeaked(text, call.address(), call.requestId());
      RefreshToken.presented(text.reveal())
          .ifPresent(
              refresh ->
                  grants.endLeaked(
                      refresh, new DeviceGrants.Requester(call.from(), call.requestId())));
    }
    call.noContent();
  }

  private void list(ApiCall call) {
    Handle user = call.handle("user");
    Optional<Instance.Ref> service = call.query().value("service", Instance.Ref::of);
    PageRequest<TimeCursor> page = call.page(CursorFormat.TIME);
    call.list(
        Problems.valueOf(tokens.list(call.actor(), user, service, page)),
        CursorFormat.TIME,
        TokenJson::of);
  }

  private void issue(ApiCall call) {
    Handle user = call.handle("user");
    try (Body body = call.body()) {
      AccessTokens.IssuedToken issued =
          Problems.valueOf(
              tokens.issue(call.actor(), user, TokenReader.creation(body.fields(), user)));
      call.created(
          "/v1/users/" + user + "/tokens/" + issued.token().id().value(), NewTokenJson.of(issued));
    }
  }

  private void revoke(ApiCall call) {
    Handle user = call.handle("user");
    Problems.throwIfRefused(tokens.revoke(call.actor(), user, new AccessToken.Id(call.id("id"))));
    call.noContent();
  }
}
