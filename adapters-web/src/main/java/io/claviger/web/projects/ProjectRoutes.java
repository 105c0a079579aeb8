package io.claviger.web.projects;

import io.claviger.application.projects.DeleteProject;
import io.claviger.application.projects.FindProjects;
import io.claviger.application.projects.ProjectView;
import io.claviger.application.projects.ProjectsModule;
import io.claviger.application.projects.WriteProject;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Address;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.util.function.Supplier;

/** {@code /v1/projects}, but for the members of one. */
public final class ProjectRoutes {
  private final FindProjects find;
  private final WriteProject write;
  private final DeleteProject delete;
  private final Supplier<String> gateway;

  /**
   * @param gateway what {@code gateway_url} begins with, without a trailing slash
   */
  public ProjectRoutes(ProjectsModule projects, Supplier<String> gateway) {
    this.find = projects.findProjects();
    this.write = projects.writeProject();
    this.delete = projects.deleteProject();
    this.gateway = gateway;
  }

  public void addTo(Routes routes) {
    routes.at("/v1/projects/{user}").get(this::list, "limit", "cursor");
    routes
        .at("/v1/projects/{owner}/{handle}")
        .get(this::show)
        .put(this::put)
        .patch(this::patch)
        .delete(this::delete);
  }

  private void list(ApiCall call) {
    Handle user = call.handle("user");
    PageRequest<ProjectRef> page = call.page(CursorFormat.PROJECT);
    switch (find.list(call.actor(), user, page)) {
      case FindProjects.ListOutcome.Listed listed ->
          call.list(listed.page(), CursorFormat.PROJECT, this::json);
      case FindProjects.ListOutcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void show(ApiCall call) {
    switch (find.find(call.actor(), ref(call))) {
      case FindProjects.Outcome.Found found ->
          call.shown(json(found.view()), found.view().project().version());
      case FindProjects.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void put(ApiCall call) {
    write(call, new ProjectRef(call.writtenHandle("owner"), call.newHandle("handle")), write::put);
  }

  private void patch(ApiCall call) {
    write(call, ref(call), write::patch);
  }

  private void write(ApiCall call, ProjectRef ref, Write how) {
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      WriteProject.Command command = ProjectReader.command(fields, call.actor().handle());
      Precondition precondition =
          call.done(fields, ProjectReader.READ_ONLY, () -> current(call.actor(), ref));
      switch (how.write(call.actor(), ref, precondition, command)) {
        case WriteProject.Outcome.Written written ->
            call.written(written.created(), json(written.view()));
        case WriteProject.Outcome.Refused refused -> throw Problems.refusal(refused.why());
      }
    }
  }

  private CurrentState current(Actor actor, ProjectRef ref) {
    return switch (find.find(actor, ref)) {
      case FindProjects.Outcome.Found found ->
          CurrentState.of(json(found.view()), found.view().project().version());
      case FindProjects.Outcome.Refused refused ->
          CurrentState.nothing(Address.of(ref.owner(), ref.handle()));
    };
  }

  private void delete(ApiCall call) {
    switch (delete.delete(call.actor(), ref(call), call.precondition())) {
      case DeleteProject.Outcome.Deleted deleted -> call.noContent();
      case DeleteProject.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private ProjectJson json(ProjectView view) {
    return ProjectJson.of(view, gateway.get());
  }

  private static ProjectRef ref(ApiCall call) {
    return new ProjectRef(call.handle("owner"), call.ownedHandle("handle"));
  }

  @FunctionalInterface
  private interface Write {
    WriteProject.Outcome write(
        Actor actor, ProjectRef ref, Precondition precondition, WriteProject.Command command);
  }
}
