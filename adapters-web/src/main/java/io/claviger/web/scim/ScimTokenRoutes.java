package io.claviger.web.scim;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.claviger.application.scim.ScimTokens;
import io.claviger.application.scim.ScimUsers;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.scim.ScimToken;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * {@code /v1/scim-tokens}, and the path at which an administrator ends the suspension of a user.
 */
public final class ScimTokenRoutes implements RouteGroup {
  private final ScimTokens tokens;
  private final ScimUsers users;

  public ScimTokenRoutes(ScimTokens tokens, ScimUsers users) {
    this.tokens = tokens;
    this.users = users;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/scim-tokens").get(this::list, "limit", "cursor").post(this::create);
    routes.at("/v1/scim-tokens/{id}").delete(this::end);
    routes.at("/v1/users/{user}/suspension").delete(this::resume);
  }

  private void list(ApiCall call) {
    PageRequest<TimeCursor> page = call.page(CursorFormat.TIME);
    List<ScimToken> rest =
        Problems.valueOf(tokens.list(call.actor())).stream()
            .filter(token -> page.after().filter(at -> !isAfter(token, at)).isEmpty())
            .limit(page.limit() + 1L)
            .toList();
    call.list(Page.of(rest, page.limit(), ScimTokenRoutes::place), CursorFormat.TIME, this::json);
  }

  private static TimeCursor place(ScimToken token) {
    return new TimeCursor(token.createdAt(), token.id().value());
  }

  /** Tokens are listed by their creation time, and by id if they were created at the same time. */
  private static boolean isAfter(ScimToken token, TimeCursor at) {
    int later = token.createdAt().compareTo(at.at());
    return later > 0
        || (later == 0 && token.id().value().toString().compareTo(at.id().toString()) > 0);
  }

  private void create(ApiCall call) {
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Field<TokenName> name =
          fields.required("name", JsonConverter.text(TokenName::new), "Give this token a name.");
      Field<Issuer> issuer =
          fields.required(
              "issuer",
              JsonConverter.text(Issuer::new),
              "Name the identity provider, by the issuer with which people sign in.");
      fields.rejectUnread();
      ScimTokens.CreatedScimToken created =
          Problems.valueOf(
              tokens.create(
                  call.actor(), name.given().orElseThrow(), issuer.given().orElseThrow()));
      call.created(
          "/v1/scim-tokens/" + created.token().id().value(),
          new NewScimTokenJson(json(created.token()), created.text().reveal()));
    }
  }

  private void end(ApiCall call) {
    Problems.throwIfRefused(tokens.end(call.actor(), new ScimToken.Id(call.id("id"))));
    call.noContent();
  }

  private void resume(ApiCall call) {
    Problems.throwIfRefused(users.resume(call.actor(), call.handle("user")));
    call.noContent();
  }

  private ScimTokenJson json(ScimToken token) {
    return new ScimTokenJson(
        token.id().value(),
        token.name().value(),
        token.issuer().value(),
        tokens.accepts(token),
        token.createdAt(),
        token.lastUsedAt());
  }

  private record ScimTokenJson(
      UUID id,
      String name,
      String issuer,
      boolean accepted,
      Instant createdAt,
      Optional<Instant> lastUsedAt) {}

  private record NewScimTokenJson(
      @JsonUnwrapped ScimTokenJson about, @JsonProperty("token") String text) {
    @Override
    public String toString() {
      return "NewScimTokenJson[hidden]";
    }
  }
}
