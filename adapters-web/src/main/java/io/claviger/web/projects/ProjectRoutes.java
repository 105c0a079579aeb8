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
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.InstanceAccess;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.Role;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.ResourceJson;
import io.claviger.web.policy.LimitsJson;
import io.claviger.web.policy.LimitsReader;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Address;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.NodeUrls;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;

/**
 * {@code /v1/projects}: the projects. Another class serves the paths for the members of a project.
 */
public final class ProjectRoutes implements RouteGroup {
  private final Projects projects;
  private final ResourceJson<ProjectView> json;

  public ProjectRoutes(Projects projects, NodeUrls urls) {
    this.projects = projects;
    this.json = json(urls);
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/projects/{user}").get(this::list, "limit", "cursor");
    routes
        .at("/v1/projects/{owner}/{handle}")
        .resource(this::show, this::put, this::patch, this::delete);
    routes
        .at("/v1/llm-services/{owner}/{handle}/open-projects")
        .get(this::listOpen, "limit", "cursor");
  }

  private void listOpen(ApiCall call) {
    Instance.Ref service = call.service();
    PageRequest<Project.Ref> page = call.page(CursorFormat.PROJECT);
    call.list(
        Problems.valueOf(projects.listOpenBy(call.actor(), service, page)),
        CursorFormat.PROJECT,
        open ->
            new OpenProjectJson(
                open.ref().toString(),
                open.byShare(),
                LimitsJson.of(open.limits()),
                open.openedAt()));
  }

  /** A project through which everybody can use a service. */
  record OpenProjectJson(String project, boolean byShare, LimitsJson limits, Instant openedAt) {}

  private void list(ApiCall call) {
    Handle user = call.handle("user");
    PageRequest<Project.Ref> page = call.page(CursorFormat.PROJECT);
    call.list(
        Problems.valueOf(projects.list(call.actor(), user, page)), CursorFormat.PROJECT, json::of);
  }

  private void show(ApiCall call) {
    ProjectView found = Problems.valueOf(projects.find(call.actor(), call.project()));
    call.shown(json.of(found), found.project().version());
  }

  private void put(ApiCall call) {
    write(
        call,
        new Project.Ref(call.writtenHandle("owner"), call.newHandle("handle")),
        projects::put);
  }

  private void patch(ApiCall call) {
    write(call, call.project(), projects::patch);
  }

  private void write(ApiCall call, Project.Ref ref, Write how) {
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      ProjectCommand command = command(fields, call.actor().handle());
      Precondition precondition =
          call.done(fields, json.readOnly(), () -> current(call.actor(), ref));
      WrittenProject written =
          Problems.valueOf(how.write(call.actor(), ref, precondition, command));
      call.written(written.created(), json.of(written.view()));
    }
  }

  private CurrentState current(Actor actor, Project.Ref ref) {
    return CurrentState.of(
        projects.find(actor, ref),
        json::of,
        found -> found.project().version(),
        Address.of(ref.owner(), ref.handle()));
  }

  private void delete(ApiCall call) {
    Problems.throwIfRefused(projects.delete(call.actor(), call.project(), call.precondition()));
    call.noContent();
  }

  private static ResourceJson<ProjectView> json(NodeUrls urls) {
    return new ResourceJson<ProjectView>()
        .readOnly("id", view -> view.project().id().value())
        .readOnly("owner", view -> view.project().ref().owner().value())
        .readOnly("handle", view -> view.project().ref().handle().value())
        .readOnly("ref", view -> view.project().ref().toString())
        .readOnly("role", view -> view.role().map(Role::wireName))
        .field(CommonFields.DESCRIPTION, view -> view.project().values())
        .field(CommonFields.METADATA, view -> view.project().values())
        .field(Project.VISIBILITY, view -> view.project().values())
        .writable("limits", view -> LimitsJson.of(view.project().limits()))
        .writable("service", view -> view.service().map(Instance.Ref::toString))
        .readOnly("instance_access", view -> view.access().map(InstanceAccess::wireName))
        .readOnly(
            "gateway_url", view -> urls.gateway() + "/gateway/projects/" + view.project().ref())
        .field(CommonFields.APPLIED_BY, view -> view.project().values())
        .versioned(
            view -> view.project().version(),
            view -> view.project().createdAt(),
            view -> view.project().updatedAt());
  }

  @FunctionalInterface
  private interface Write {
    Outcome<WrittenProject> write(
        Actor actor, Project.Ref ref, Precondition precondition, ProjectCommand command);
  }

  /**
   * Reads a write.
   *
   * @param caller the user who makes the request. If the body contains only a service's handle, the
   *     service is this user's
   */
  private static ProjectCommand command(JsonObject fields, Handle caller) {
    return new ProjectCommand(
        fields.fields(Project.FIELDS),
        fields.nullable(
            "service",
            JsonConverter.text(text -> Instance.Ref.of(Address.completed(text, caller)))),
        fields.value("allow_dimension_change", JsonConverter.FLAG).or(false),
        LimitsReader.read(fields, "limits"));
  }
}
