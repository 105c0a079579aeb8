package io.claviger.web.models;

import io.claviger.application.models.ModelConfigView;
import io.claviger.application.models.ModelConfigs;
import io.claviger.application.models.ModelConfigs.ModelConfigCommand;
import io.claviger.application.models.ModelConfigs.NamedTarget;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelFields;
import io.claviger.domain.models.ModelWrite;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.ResourceJson;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Address;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.Optional;

/** {@code /v1/model-configs}. */
public final class ModelConfigRoutes implements RouteGroup {
  private static final ResourceJson<ModelConfigView> JSON = json();

  private final ModelConfigs models;

  public ModelConfigRoutes(ModelConfigs models) {
    this.models = models;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/model-configs").get(this::list, "limit", "cursor").post(this::create);
    routes.at("/v1/model-configs/{id}/restore").post(this::restore);
    routes.at("/v1/model-configs/{id}").get(this::show).patch(this::patch).delete(this::delete);
  }

  private static ResourceJson<ModelConfigView> json() {
    ResourceJson<ModelConfigView> json =
        new ResourceJson<ModelConfigView>().readOnly("id", view -> view.model().id().value());
    for (ScalarField<?> field : ModelFields.ALL) {
      if (field == ModelFields.NAME) {
        json.writable("service", view -> view.service().map(Instance.Ref::toString));
      }
      json.field(field, view -> view.model().values());
      if (field == ModelFields.ON_FAILURE) {
        json.writable("targets", view -> view.targets().stream().map(TargetJson::of).toList());
      }
    }
    return json.readOnly("format", view -> view.model().route().format().wireName())
        .readOnly("status", view -> view.status().wireName())
        .readOnly("created_by", view -> view.model().createdBy().map(Handle::value))
        .readOnly("updated_by", view -> view.model().updatedBy().map(Handle::value))
        .versioned(
            view -> view.model().version(),
            view -> view.model().createdAt(),
            view -> view.model().updatedAt());
  }

  private void list(ApiCall call) {
    call.list(
        Problems.valueOf(models.list(call.actor(), call.page(CursorFormat.TIME))),
        CursorFormat.TIME,
        JSON::of);
  }

  private void create(ApiCall call) {
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      ModelConfigCommand command = ModelConfigReader.command(fields);
      fields.rejectUnread();
      ModelConfigView written = Problems.valueOf(models.create(call.actor(), command));
      call.created("/v1/model-configs/" + written.model().id().value(), JSON.of(written));
    }
  }

  private void show(ApiCall call) {
    ModelConfigView found = Problems.valueOf(models.find(call.actor(), id(call)));
    call.shown(JSON.of(found), found.model().version());
  }

  private void patch(ApiCall call) {
    ModelConfig.Id id = id(call);
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      ModelConfigCommand command = ModelConfigReader.command(fields);
      Precondition precondition =
          call.done(fields, JSON.readOnly(), () -> current(call.actor(), id));
      call.ok(JSON.of(Problems.valueOf(models.patch(call.actor(), id, precondition, command))));
    }
  }

  private CurrentState current(Actor actor, ModelConfig.Id id) {
    ModelConfigView found = Problems.valueOf(models.find(actor, id));
    return CurrentState.of(JSON.of(found), found.model().version());
  }

  private void delete(ApiCall call) {
    Problems.throwIfRefused(models.delete(call.actor(), id(call), call.precondition()));
    call.noContent();
  }

  private void restore(ApiCall call) {
    call.emptyBody();
    call.ok(JSON.of(Problems.valueOf(models.restore(call.actor(), id(call)))));
  }

  private static ModelConfig.Id id(ApiCall call) {
    return new ModelConfig.Id(call.id("id"));
  }

  /** A service that serves a model of the catalogue. */
  record TargetJson(String service, String model, String status) {
    static TargetJson of(ModelConfigView.TargetView target) {
      return new TargetJson(
          target.service().toString(), target.model().value(), target.status().wireName());
    }
  }

  /** Reads the body of a request that creates or changes an entry of the model catalogue. */
  private static final class ModelConfigReader {
    private static final JsonConverter<Instance.Ref> SERVICE =
        JsonConverter.text(text -> Instance.Ref.of(Address.completed(text, Handle.SYSTEM)));

    private ModelConfigReader() {}

    /**
     * Reads the body of a write. The caller must afterwards check for unknown fields. If the body
     * contains only the handle of a service, this handle is taken as the handle of a system-level
     * service.
     */
    static ModelConfigCommand command(JsonObject fields) {
      return new ModelConfigCommand(
          new ModelWrite(fields.fields(ModelFields.ALL)),
          fields.nullable("service", SERVICE),
          fields.value(
              "targets", JsonConverter.listOf(JsonConverter.object(ModelConfigReader::target))));
    }

    /**
     * Reads a target. The body may contain the target's status, because answers to {@code GET}
     * contain it.
     */
    private static Optional<NamedTarget> target(JsonObject fields) {
      Field<Instance.Ref> service =
          fields.required("service", SERVICE, "Name a system-level service.");
      Field<ModelName> model =
          fields.required(
              "model",
              JsonConverter.text(ModelName::new),
              "Give the provider's name for the model.");
      fields.ignore("status");
      fields.recordUnknownFields();
      return service.given().flatMap(s -> model.given().map(m -> new NamedTarget(s, m)));
    }
  }
}
