package io.claviger.web.trusts;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.application.trusts.Trusts;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.trusts.Trust;
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
import java.util.function.Supplier;

/** {@code /v1/users/{user}/trusts}. */
public final class TrustRoutes implements RouteGroup {
  private final Trusts trusts;

  public TrustRoutes(Trusts trusts) {
    this.trusts = trusts;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/users/{user}/trusts").get(this::list, "limit", "cursor");
    routes
        .at("/v1/users/{user}/trusts/{name}")
        .get(this::show)
        .put(this::save)
        .delete(this::delete);
  }

  private void list(ApiCall call) {
    Handle account = call.handle("user");
    call.list(
        Problems.valueOf(trusts.list(call.actor(), account, call.page(CursorFormat.HANDLE))),
        CursorFormat.HANDLE,
        TrustJson::of);
  }

  private void show(ApiCall call) {
    Trust trust =
        Problems.valueOf(trusts.find(call.actor(), call.handle("user"), call.handle("name")));
    call.shown(TrustJson.of(trust), trust.version());
  }

  private void save(ApiCall call) {
    Handle account = call.handle("user");
    Handle name = call.newHandle("name");
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Supplier<Trusts.TrustContent> content = TrustReader.read(fields);
      Precondition precondition =
          call.done(fields, TrustReader.READ_ONLY, () -> current(call.actor(), account, name));
      Trusts.SavedTrust saved =
          Problems.valueOf(trusts.save(call.actor(), account, name, precondition, content.get()));
      call.written(saved.created(), TrustJson.of(saved.trust()));
    }
  }

  private CurrentState current(Actor actor, Handle account, Handle name) {
    return CurrentState.of(
        trusts.find(actor, account, name),
        TrustJson::of,
        Trust::version,
        Map.of("name", name.value()));
  }

  private void delete(ApiCall call) {
    Problems.throwIfRefused(
        trusts.delete(call.actor(), call.handle("user"), call.handle("name"), call.precondition()));
    call.noContent();
  }

  /**
   * A trust of a service account as the API shows it.
   *
   * @param maxLifetime the maximum lifetime of a token issued under the trust, in seconds
   */
  record TrustJson(
      String name,
      String issuer,
      String subject,
      Map<String, String> claims,
      long maxLifetime,
      long version,
      Instant createdAt,
      Instant updatedAt) {

    static TrustJson of(Trust trust) {
      return new TrustJson(
          trust.name().value(),
          trust.issuer().name().value(),
          trust.terms().subject().value(),
          trust.terms().claims().values(),
          trust.terms().maxLifetime().toSeconds(),
          trust.version(),
          trust.createdAt(),
          trust.updatedAt());
    }
  }
}
