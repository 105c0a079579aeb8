package io.claviger.web.projects;

import io.claviger.application.projects.ProjectView;
import io.claviger.application.projects.Projects;
import io.claviger.application.projects.Projects.ProjectCommand;
import io.claviger.application.projects.Projects.WrittenProject;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
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

/** {@code /v1/projects}, without the members of a project. */
public final class ProjectRoutes {
  private final Projects projects;
  private final Supplier<String> gateway;

  /**
   * Creates the routes.
   *
   * @param gateway returns the beginning of {@code gateway_url}, without a trailing slash
   */
  public ProjectRoutes(Projects projects, Supplier<String> gateway) {
    this.projects = projects;
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
    call.list(
        Problems.valueOf(projects.list(call.actor(), user, page)),
        CursorFormat.PROJECT,
        this::json);
  }

  private void show(ApiCall call) {
    ProjectView found = Problems.valueOf(projects.find(call.actor(), ref(call)));
    call.shown(json(found), found.project().version());
  }

  private void put(ApiCall call) {
    write(
        call, new ProjectRef(call.writtenHandle("owner"), call.newHandle("handle")), projects::put);
  }

  private void patch(ApiCall call) {
    write(call, ref(call), projects::patch);
  }

  private void write(ApiCall call, ProjectRef ref, Write how) {
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      ProjectCommand command = ProjectReader.command(fields, call.actor().handle());
      Precondition precondition =
          call.done(fields, ProjectReader.READ_ONLY, () -> current(call.actor(), ref));
      WrittenProject written =
          Problems.valueOf(how.write(call.actor(), ref, precondition, command));
      call.written(written.created(), json(written.view()));
    }
  }

  private CurrentState current(Actor actor, ProjectRef ref) {
    return switch (projects.find(actor, ref)) {
      case Outcome.Done<ProjectView> found ->
          CurrentState.of(json(found.value()), found.value().project().version());
      case Outcome.Refused<ProjectView> refused ->
          CurrentState.nothing(Address.of(ref.owner(), ref.handle()));
    };
  }

  private void delete(ApiCall call) {
    ProjectRef unused =
        Problems.valueOf(projects.delete(call.actor(), ref(call), call.precondition()));
    call.noContent();
  }

  private ProjectJson json(ProjectView view) {
    return ProjectJson.of(view, gateway.get());
  }

  private static ProjectRef ref(ApiCall call) {
    return new ProjectRef(call.handle("owner"), call.ownedHandle("handle"));
  }

  @FunctionalInterface
  private interface Write {
    Outcome<WrittenProject> write(
        Actor actor, ProjectRef ref, Precondition precondition, ProjectCommand command);
  }
}
