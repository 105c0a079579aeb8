package io.claviger.web.defaults;

import io.claviger.application.defaults.ChooseDefault;
import io.claviger.application.defaults.DefaultsModule;
import io.claviger.application.defaults.FindDefault;
import io.claviger.application.defaults.ForgetDefault;
import io.claviger.application.shared.Actor;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.StoredRepresentation;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Address;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Map;

/** {@code /v1/users/{user}/default-service}. */
public final class DefaultRoutes {
  private static final List<String> READ_ONLY = List.of("source");

  private final FindDefault find;
  private final ChooseDefault choose;
  private final ForgetDefault forget;

  public DefaultRoutes(DefaultsModule defaults) {
    this.find = defaults.findDefault();
    this.choose = defaults.chooseDefault();
    this.forget = defaults.forgetDefault();
  }

  public void addTo(Routes routes) {
    routes
        .at("/v1/users/{user}/default-service")
        .get(this::show)
        .put(this::choose)
        .delete(this::forget);
  }

  private void show(ApiCall call) {
    switch (find.find(call.actor(), call.handle("user"))) {
      case FindDefault.Outcome.Found found -> call.ok(DefaultJson.of(found.effective()));
      case FindDefault.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void choose(ApiCall call) {
    Handle user = call.handle("user");
    try (Body body = call.body()) {
      InstanceRef service = service(body.fields(), call.actor(), user);
      switch (choose.choose(call.actor(), user, service)) {
        case ChooseDefault.Outcome.Chosen chosen ->
            call.written(chosen.created(), DefaultJson.of(chosen.effective()));
        case ChooseDefault.Outcome.Refused refused -> throw Problems.refusal(refused.why());
      }
    }
  }

  private InstanceRef service(JsonObject fields, Actor actor, Handle user) {
    Field<InstanceRef> service =
        fields.required(
            "service",
            JsonConverter.text(text -> InstanceRef.of(Address.completed(text, user))),
            "Say which LLM service it is to be, as owner/handle.");
    if (fields.hasAny(READ_ONLY)) {
      current(actor, user).unchanged(fields, READ_ONLY);
    }
    fields.rejectUnread();
    return service.given().orElseThrow();
  }

  private StoredRepresentation current(Actor actor, Handle user) {
    return switch (find.find(actor, user)) {
      case FindDefault.Outcome.Found found ->
          StoredRepresentation.of(DefaultJson.of(found.effective()));
      case FindDefault.Outcome.Refused refused -> StoredRepresentation.of(Map.of());
    };
  }

  private void forget(ApiCall call) {
    switch (forget.forget(call.actor(), call.handle("user"))) {
      case ForgetDefault.Outcome.Forgotten forgotten -> call.noContent();
      case ForgetDefault.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }
}
