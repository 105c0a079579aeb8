package io.claviger.web.models;

import io.claviger.application.models.ModelConfigView;
import io.claviger.application.models.ModelConfigs;
import io.claviger.application.models.ModelConfigs.ModelConfigCommand;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.CompressionThreshold;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.models.ModelSettings;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/model-configs}. */
public final class ModelConfigRoutes implements RouteGroup {
  private final ModelConfigs models;

  public ModelConfigRoutes(ModelConfigs models) {
    this.models = models;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/model-configs").get(this::list, "limit", "cursor").post(this::create);
    routes.at("/v1/model-configs/{id}").get(this::show).patch(this::patch).delete(this::delete);
  }

  private void list(ApiCall call) {
    call.list(
        Problems.valueOf(models.list(call.actor(), call.page(CursorFormat.TIME))),
        CursorFormat.TIME,
        ModelConfigJson::of);
  }

  private void create(ApiCall call) {
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      ModelConfigCommand command = ModelConfigReader.command(fields);
      fields.rejectUnread();
      ModelConfigView written = Problems.valueOf(models.create(call.actor(), command));
      call.created(
          "/v1/model-configs/" + written.model().id().value(), ModelConfigJson.of(written));
    }
  }

  private void show(ApiCall call) {
    ModelConfigView found = Problems.valueOf(models.find(call.actor(), id(call)));
    call.shown(ModelConfigJson.of(found), found.model().version());
  }

  private void patch(ApiCall call) {
    ModelConfig.Id id = id(call);
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      ModelConfigCommand command = ModelConfigReader.command(fields);
      Precondition precondition =
          call.done(fields, ModelConfigReader.READ_ONLY, () -> current(call.actor(), id));
      call.ok(
          ModelConfigJson.of(
              Problems.valueOf(models.patch(call.actor(), id, precondition, command))));
    }
  }

  private CurrentState current(Actor actor, ModelConfig.Id id) {
    ModelConfigView found = Problems.valueOf(models.find(actor, id));
    return CurrentState.of(ModelConfigJson.of(found), found.model().version());
  }

  private void delete(ApiCall call) {
    ModelConfig.Id unused =
        Problems.valueOf(models.delete(call.actor(), id(call), call.precondition()));
    call.noContent();
  }

  private static ModelConfig.Id id(ApiCall call) {
    return new ModelConfig.Id(call.id("id"));
  }

  /** An entry of the model catalogue as the API shows it to administrators. */
  record ModelConfigJson(
      UUID id,
      String provider,
      String model,
      String displayName,
      boolean enabled,
      boolean isDefault,
      Optional<Integer> contextLimit,
      Optional<Integer> compressionThreshold,
      Optional<String> service,
      String name,
      String onFailure,
      List<TargetJson> targets,
      Optional<String> appliedBy,
      String status,
      Optional<String> createdBy,
      Optional<String> updatedBy,
      long version,
      Instant createdAt,
      Instant updatedAt) {

    static ModelConfigJson of(ModelConfigView view) {
      ModelConfig config = view.model();
      ModelSettings settings = config.settings();
      return new ModelConfigJson(
          config.id().value(),
          settings.provider().wireName(),
          settings.model().value(),
          settings.displayName().value(),
          settings.enabled(),
          config.isDefault(),
          settings.contextLimit().map(ContextLimit::value),
          settings.compressionThreshold().map(CompressionThreshold::value),
          view.service().map(Instance.Ref::toString),
          config.route().name().value(),
          config.route().onFailure().wireName(),
          view.targets().stream().map(TargetJson::of).toList(),
          settings.appliedBy().map(AppliedBy::value),
          view.status().wireName(),
          config.createdBy().map(Handle::value),
          config.updatedBy().map(Handle::value),
          config.version(),
          config.createdAt(),
          config.updatedAt());
    }

    /** A service that serves the entry. */
    record TargetJson(String service, String model, String status) {
      static TargetJson of(ModelConfigView.TargetView target) {
        return new TargetJson(
            target.service().toString(), target.model().value(), target.status().wireName());
      }
    }
  }
}
