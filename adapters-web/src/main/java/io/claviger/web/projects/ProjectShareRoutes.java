package io.claviger.web.projects;

import io.claviger.application.projects.ProjectsModule;
import io.claviger.application.projects.ShareProject;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.domain.sharing.Role;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.policy.Roles;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import io.claviger.web.sharing.GrantJson;
import io.claviger.web.sharing.Grantee;

/** {@code /v1/projects/{owner}/{handle}/shares}: the members of a project. */
public final class ProjectShareRoutes {
  private static final String SHARES = "/v1/projects/{owner}/{handle}/shares";

  private final ShareProject members;

  public ProjectShareRoutes(ProjectsModule projects) {
    this.members = projects.shareProject();
  }

  public void addTo(Routes routes) {
    routes.at(SHARES).get(this::list, "limit", "cursor");
    routes.at(SHARES + "/{user}").get(this::show).put(this::share).delete(this::end);
  }

  private void list(ApiCall call) {
    ProjectRef ref = ref(call);
    PageRequest<Handle> page = call.page(CursorFormat.HANDLE);
    switch (members.list(call.actor(), ref, page)) {
      case ShareProject.ListOutcome.Listed listed ->
          call.list(listed.page(), CursorFormat.HANDLE, GrantJson::of);
      case ShareProject.ListOutcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void show(ApiCall call) {
    switch (members.find(call.actor(), ref(call), call.handle("user"))) {
      case ShareProject.Outcome.Shared found ->
          call.shown(GrantJson.of(found.share()), found.share().version());
      case ShareProject.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void share(ApiCall call) {
    ProjectRef ref = ref(call);
    Handle user = call.writtenHandle("user");
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Field<Role> role =
          fields.required(
              "role",
              JsonConverter.text(n -> Roles.upTo(Role.WRITER, n)),
              "Give reader or writer.");
      Precondition precondition =
          call.done(fields, Grantee.READ_ONLY, () -> current(call.actor(), ref, user));
      switch (members.share(call.actor(), ref, user, precondition, role.given().orElseThrow())) {
        case ShareProject.Outcome.Shared shared ->
            call.written(shared.created(), GrantJson.of(shared.share()));
        case ShareProject.Outcome.Refused refused -> throw Problems.refusal(refused.why());
      }
    }
  }

  private CurrentState current(Actor actor, ProjectRef ref, Handle user) {
    return switch (members.find(actor, ref, user)) {
      case ShareProject.Outcome.Shared found ->
          CurrentState.of(GrantJson.of(found.share()), found.share().version());
      case ShareProject.Outcome.Refused refused -> CurrentState.nothing(Grantee.of(user));
    };
  }

  private void end(ApiCall call) {
    switch (members.end(call.actor(), ref(call), call.handle("user"), call.precondition())) {
      case ShareProject.EndOutcome.Ended ended -> call.noContent();
      case ShareProject.EndOutcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private static ProjectRef ref(ApiCall call) {
    return new ProjectRef(call.handle("owner"), call.ownedHandle("handle"));
  }
}
