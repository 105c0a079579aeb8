package io.claviger.web.models;

import io.claviger.application.models.DeleteModelConfig;
import io.claviger.application.models.FindModelConfigs;
import io.claviger.application.models.ModelsModule;
import io.claviger.application.models.WriteModelConfig;
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
  private final FindModelConfigs find;
  private final WriteModelConfig write;
  private final DeleteModelConfig delete;

  public ModelConfigRoutes(ModelsModule models) {
    this.find = models.findModelConfigs();
    this.write = models.writeModelConfig();
    this.delete = models.deleteModelConfig();
  }

  public void addTo(Routes routes) {
    routes.at("/v1/model-configs").get(this::list, "limit", "cursor").post(this::create);
    routes.at("/v1/model-configs/{id}").get(this::show).patch(this::patch).delete(this::delete);
  }

  private void list(ApiCall call) {
    switch (find.list(call.actor(), call.page(CursorFormat.TIME))) {
      case FindModelConfigs.ListOutcome.Listed listed ->
          call.list(listed.page(), CursorFormat.TIME, ModelConfigJson::of);
      case FindModelConfigs.ListOutcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void create(ApiCall call) {
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      WriteModelConfig.Command command = ModelConfigReader.command(fields);
      fields.rejectUnread();
      switch (write.create(call.actor(), command)) {
        case WriteModelConfig.Outcome.Written written ->
            call.created(
                "/v1/model-configs/" + written.view().model().id().value(),
                ModelConfigJson.of(written.view()));
        case WriteModelConfig.Outcome.Refused refused -> throw Problems.refusal(refused.why());
      }
    }
  }

  private void show(ApiCall call) {
    switch (find.find(call.actor(), id(call))) {
      case FindModelConfigs.Outcome.Found found ->
          call.shown(ModelConfigJson.of(found.view()), found.view().model().version());
      case FindModelConfigs.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void patch(ApiCall call) {
    ModelConfigId id = id(call);
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      WriteModelConfig.Command command = ModelConfigReader.command(fields);
      Precondition precondition =
          call.done(fields, ModelConfigReader.READ_ONLY, () -> current(call.actor(), id));
      switch (write.patch(call.actor(), id, precondition, command)) {
        case WriteModelConfig.Outcome.Written written ->
            call.ok(ModelConfigJson.of(written.view()));
        case WriteModelConfig.Outcome.Refused refused -> throw Problems.refusal(refused.why());
      }
    }
  }

  private CurrentState current(Actor actor, ModelConfigId id) {
    return switch (find.find(actor, id)) {
      case FindModelConfigs.Outcome.Found found ->
          CurrentState.of(ModelConfigJson.of(found.view()), found.view().model().version());
      case FindModelConfigs.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    };
  }

  private void delete(ApiCall call) {
    switch (delete.delete(call.actor(), id(call), call.precondition())) {
      case DeleteModelConfig.Outcome.Deleted deleted -> call.noContent();
      case DeleteModelConfig.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private static ModelConfigId id(ApiCall call) {
    return new ModelConfigId(call.id("id"));
  }
}
