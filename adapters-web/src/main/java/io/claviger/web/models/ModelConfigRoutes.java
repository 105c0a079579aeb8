package io.claviger.web.models;

import io.claviger.application.models.ModelConfigView;
import io.claviger.application.models.ModelConfigs;
import io.claviger.application.models.ModelConfigs.ModelConfigCommand;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.models.ModelConfigId;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;

/** {@code /v1/model-configs}. */
public final class ModelConfigRoutes {
  private final ModelConfigs models;

  public ModelConfigRoutes(ModelConfigs models) {
    this.models = models;
  }

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
    ModelConfigId id = id(call);
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

  private CurrentState current(Actor actor, ModelConfigId id) {
    ModelConfigView found = Problems.valueOf(models.find(actor, id));
    return CurrentState.of(ModelConfigJson.of(found), found.model().version());
  }

  private void delete(ApiCall call) {
    ModelConfigId unused =
        Problems.valueOf(models.delete(call.actor(), id(call), call.precondition()));
    call.noContent();
  }

  private static ModelConfigId id(ApiCall call) {
    return new ModelConfigId(call.id("id"));
  }
}
