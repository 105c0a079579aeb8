package io.claviger.web.projects;

import io.claviger.application.projects.ProjectView;
import io.claviger.application.projects.Projects;
import io.claviger.application.projects.Projects.ProjectCommand;
import io.claviger.application.projects.Projects.WrittenProject;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Description;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.InstanceAccess;
import io.claviger.domain.projects.Project;
import io.claviger.web.json.AppliedByField;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.policy.Roles;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Address;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.NodeUrls;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/projects}, without the members of a project. */
public final class ProjectRoutes implements RouteGroup {
  private final Projects projects;
  private final NodeUrls urls;

  public ProjectRoutes(Projects projects, NodeUrls urls) {
    this.projects = projects;
    this.urls = urls;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/projects/{user}").get(this::list, "limit", "cursor");
    routes
        .at("/v1/projects/{owner}/{handle}")
        .resource(this::show, this::put, this::patch, this::delete);
  }

  private void list(ApiCall call) {
    Handle user = call.handle("user");
    PageRequest<Project.Ref> page = call.page(CursorFormat.PROJECT);
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
        call,
        new Project.Ref(call.writtenHandle("owner"), call.newHandle("handle")),
        projects::put);
  }

  private void patch(ApiCall call) {
    write(call, ref(call), projects::patch);
  }

  private void write(ApiCall call, Project.Ref ref, Write how) {
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

  private CurrentState current(Actor actor, Project.Ref ref) {
    return switch (projects.find(actor, ref)) {
      case Outcome.Done<ProjectView> found ->
          CurrentState.of(json(found.value()), found.value().project().version());
      case Outcome.Refused<ProjectView> refused ->
          CurrentState.nothing(Address.of(ref.owner(), ref.handle()));
    };
  }

  private void delete(ApiCall call) {
    Project.Ref unused =
        Problems.valueOf(projects.delete(call.actor(), ref(call), call.precondition()));
    call.noContent();
  }

  private ProjectJson json(ProjectView view) {
    return ProjectJson.of(view, urls.gateway());
  }

  private static Project.Ref ref(ApiCall call) {
    return new Project.Ref(call.handle("owner"), call.ownedHandle("handle"));
  }

  @FunctionalInterface
  private interface Write {
    Outcome<WrittenProject> write(
        Actor actor, Project.Ref ref, Precondition precondition, ProjectCommand command);
  }

  /** Reads the body of a write of a project. */
  private static final class ProjectReader {
    static final List<String> READ_ONLY =
        List.of("id", "owner", "handle", "ref", "role", "instance_access", "gateway_url");

    private ProjectReader() {}

    /**
     * Reads a write.
     *
     * @param caller the owner of a service that is named by its handle alone
     */
    static ProjectCommand command(JsonObject fields, Handle caller) {
      return new ProjectCommand(
          fields.value("description", JsonConverter.text(Description::new)),
          fields.nullable(
              "service",
              JsonConverter.text(text -> Instance.Ref.of(Address.completed(text, caller)))),
          fields.value("allow_dimension_change", JsonConverter.FLAG).or(false),
          AppliedByField.read(fields));
    }
  }

  /** A project as the API shows it to one caller. */
  record ProjectJson(
      UUID id,
      String owner,
      String handle,
      String ref,
      Optional<String> role,
      String description,
      Optional<String> service,
      Optional<String> instanceAccess,
      String gatewayUrl,
      Optional<String> appliedBy,
      long version,
      Instant createdAt,
      Instant updatedAt) {

    /**
     * Returns a project as the API shows it.
     *
     * @param gateway the beginning of {@code gateway_url}
     */
    static ProjectJson of(ProjectView view, String gateway) {
      Project project = view.project();
      return new ProjectJson(
          project.id().value(),
          project.ref().owner().value(),
          project.ref().handle().value(),
          project.ref().toString(),
          view.role().map(Roles::wireName),
          project.description().value(),
          view.service().map(Instance.Ref::toString),
          view.access().map(InstanceAccess::wireName),
          gateway + "/gateway/projects/" + project.ref(),
          project.appliedBy().map(AppliedBy::value),
          project.version(),
          project.createdAt(),
          project.updatedAt());
    }
  }
}
