package io.claviger.web.defaults;

import io.claviger.application.defaults.DefaultServices;
import io.claviger.application.defaults.DefaultServices.ChosenDefault;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.EffectiveDefault;
import io.claviger.domain.instances.Instance;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.StoredRepresentation;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Address;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code /v1/users/{user}/default-service}. */
public final class DefaultRoutes implements RouteGroup {
  private static final List<String> READ_ONLY = List.of("source");

  private final DefaultServices defaults;

  public DefaultRoutes(DefaultServices defaults) {
    this.defaults = defaults;
  }

  @Override
  public void addTo(Routes routes) {
    routes
        .at("/v1/users/{user}/default-service")
        .get(this::show)
        .put(this::choose)
        .delete(this::forget);
  }

  private void show(ApiCall call) {
    call.ok(DefaultJson.of(Problems.valueOf(defaults.find(call.actor(), call.handle("user")))));
  }

  private void choose(ApiCall call) {
    Handle user = call.handle("user");
    try (Body body = call.body()) {
      Instance.Ref service = service(body.fields(), call.actor(), user);
      ChosenDefault chosen = Problems.valueOf(defaults.choose(call.actor(), user, service));
      call.written(chosen.created(), DefaultJson.of(chosen.effective()));
    }
  }

  private Instance.Ref service(JsonObject fields, Actor actor, Handle user) {
    Field<Instance.Ref> service =
        fields.required(
            "service",
            JsonConverter.text(text -> Instance.Ref.of(Address.completed(text, user))),
            "Name the LLM service, as owner/handle.");
    if (fields.hasAny(READ_ONLY)) {
      current(actor, user).rejectChanges(fields, READ_ONLY);
    }
    fields.rejectUnread();
    return service.given().orElseThrow();
  }

  private StoredRepresentation current(Actor actor, Handle user) {
    return switch (defaults.find(actor, user)) {
      case Outcome.Done<EffectiveDefault> found ->
          StoredRepresentation.of(DefaultJson.of(found.value()));
      case Outcome.Refused<EffectiveDefault> refused -> StoredRepresentation.of(Map.of());
    };
  }

  private void forget(ApiCall call) {
    Problems.throwIfRefused(defaults.forget(call.actor(), call.handle("user")));
    call.noContent();
  }

  /** The user's present default service, and who chose it. */
  record DefaultJson(String service, String source) {
    static DefaultJson of(EffectiveDefault effective) {
      return new DefaultJson(
          effective.service().toString(), effective.source().name().toLowerCase(Locale.ROOT));
    }
  }
}
