package io.claviger.web.standards;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.application.standards.DeleteStandard;
import io.claviger.application.standards.FindStandards;
import io.claviger.application.standards.SaveStandard;
import io.claviger.application.standards.StandardsModule;
import io.claviger.domain.accounts.Handle;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.util.function.Supplier;

/** {@code /v1/api-standards}. */
public final class StandardRoutes {
  private final FindStandards find;
  private final SaveStandard save;
  private final DeleteStandard delete;

  public StandardRoutes(StandardsModule standards) {
    this.find = standards.findStandards();
    this.save = standards.saveStandard();
    this.delete = standards.deleteStandard();
  }

  public void addTo(Routes routes) {
    routes.at("/v1/api-standards").get(this::list, "limit", "cursor");
    routes.at("/v1/api-standards/{handle}").get(this::show).put(this::save).delete(this::delete);
  }

  private void list(ApiCall call) {
    call.list(
        find.list(call.actor(), call.page(CursorFormat.HANDLE)),
        CursorFormat.HANDLE,
        StandardJson::of);
  }

  private void show(ApiCall call) {
    switch (find.find(call.actor(), call.handle("handle"))) {
      case FindStandards.Outcome.Found found ->
          call.shown(StandardJson.of(found.standard()), found.standard().version());
      case FindStandards.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void save(ApiCall call) {
    Handle handle = call.newHandle("handle");
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Supplier<SaveStandard.Command> command = StandardReader.read(fields, handle);
      Precondition precondition =
          call.done(fields, StandardReader.READ_ONLY, () -> current(call.actor(), handle));
      switch (save.save(call.actor(), precondition, command.get())) {
        case SaveStandard.Outcome.Saved saved ->
            call.written(saved.created(), StandardJson.of(saved.standard()));
        case SaveStandard.Outcome.Refused refused -> throw Problems.refusal(refused.why());
      }
    }
  }

  private CurrentState current(Actor actor, Handle handle) {
    return switch (find.find(actor, handle)) {
      case FindStandards.Outcome.Found found ->
          CurrentState.of(StandardJson.of(found.standard()), found.standard().version());
      case FindStandards.Outcome.Refused refused -> CurrentState.nothing(new Named(handle.value()));
    };
  }

  private void delete(ApiCall call) {
    switch (delete.delete(call.actor(), call.handle("handle"), call.precondition())) {
      case DeleteStandard.Outcome.Deleted deleted -> call.noContent();
      case DeleteStandard.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private record Named(String handle) {}
}
