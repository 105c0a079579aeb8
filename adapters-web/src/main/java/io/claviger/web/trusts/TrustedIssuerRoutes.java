package io.claviger.web.trusts;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.application.trusts.TrustedIssuers;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.trusts.TrustedIssuer;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.Map;

/** {@code /v1/trusted-issuers}. */
public final class TrustedIssuerRoutes implements RouteGroup {
  private final TrustedIssuers issuers;

  public TrustedIssuerRoutes(TrustedIssuers issuers) {
    this.issuers = issuers;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/trusted-issuers").get(this::list, "limit", "cursor");
    routes.at("/v1/trusted-issuers/{name}").get(this::show).put(this::save).delete(this::delete);
  }

  private void list(ApiCall call) {
    call.list(
        Problems.valueOf(issuers.list(call.actor(), call.page(CursorFormat.HANDLE))),
        CursorFormat.HANDLE,
        TrustedIssuerJson::of);
  }

  private void show(ApiCall call) {
    TrustedIssuer issuer = Problems.valueOf(issuers.find(call.actor(), call.handle("name")));
    call.shown(TrustedIssuerJson.of(issuer), issuer.version());
  }

  private void save(ApiCall call) {
    Handle name = call.newHandle("name");
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Field<Issuer> issuer = TrustReader.issuer(fields);
      Precondition precondition =
          call.done(fields, TrustReader.READ_ONLY, () -> current(call.actor(), name));
      TrustedIssuers.SavedIssuer saved =
          Problems.valueOf(
              issuers.save(call.actor(), name, precondition, issuer.given().orElseThrow()));
      call.written(saved.created(), TrustedIssuerJson.of(saved.issuer()));
    }
  }

  private CurrentState current(Actor actor, Handle name) {
    return CurrentState.of(
        issuers.find(actor, name),
        TrustedIssuerJson::of,
        TrustedIssuer::version,
        Map.of("name", name.value()));
  }

  private void delete(ApiCall call) {
    Problems.throwIfRefused(issuers.delete(call.actor(), call.handle("name"), call.precondition()));
    call.noContent();
  }

  record TrustedIssuerJson(
      String name, String issuer, long version, Instant createdAt, Instant updatedAt) {

    static TrustedIssuerJson of(TrustedIssuer issuer) {
      return new TrustedIssuerJson(
          issuer.name().value(),
          issuer.issuer().value(),
          issuer.version(),
          issuer.createdAt(),
          issuer.updatedAt());
    }
  }
}
