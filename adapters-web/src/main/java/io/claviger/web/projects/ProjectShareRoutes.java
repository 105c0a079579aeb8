package io.claviger.web.projects;

import io.claviger.application.projects.Projects;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shares.GivenShare;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.projects.Project;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.web.json.AppliedByField;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import io.claviger.web.sharing.GranteeFields;
import java.time.Instant;
import java.util.Optional;

/** {@code /v1/projects/{owner}/{handle}/shares}: the members of a project. */
public final class ProjectShareRoutes implements RouteGroup {
  private static final String SHARES = "/v1/projects/{owner}/{handle}/shares";

  private static final JsonConverter<Role> ROLE =
      JsonConverter.text(name -> Role.upTo(Role.WRITER, name));

  private final Projects projects;

  public ProjectShareRoutes(Projects projects) {
    this.projects = projects;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at(SHARES).get(this::list, "limit", "cursor");
    routes.at(SHARES + "/{user}").resource(this::show, this::share, this::change, this::end);
  }

  private void list(ApiCall call) {
    Project.Ref ref = call.project();
    PageRequest<GranteeName> page = call.page(CursorFormat.GRANTEE);
    call.list(
        Problems.valueOf(projects.listShares(call.actor(), ref, page)),
        CursorFormat.GRANTEE,
        ProjectShareJson::of);
  }

  private void show(ApiCall call) {
    Share found =
        Problems.valueOf(projects.findShare(call.actor(), call.project(), call.grantee()));
    call.shown(ProjectShareJson.of(found), found.version());
  }

  private void share(ApiCall call) {
    Project.Ref ref = call.project();
    GranteeName grantee = call.writtenGrantee();
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Field<Role> role = fields.required("role", ROLE, "Give reader or writer.");
      Field<AppliedBy> appliedBy = AppliedByField.read(fields);
      Precondition precondition = done(call, fields, ref, grantee);
      GivenShare shared =
          Problems.valueOf(
              projects.share(
                  call.actor(), ref, grantee, precondition, role.given().orElseThrow(), appliedBy));
      call.written(shared.created(), ProjectShareJson.of(shared.share()));
    }
  }

  private void change(ApiCall call) {
    Project.Ref ref = call.project();
    GranteeName grantee = call.grantee();
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Field<Role> role = fields.value("role", ROLE);
      Field<AppliedBy> appliedBy = AppliedByField.read(fields);
      Precondition precondition = done(call, fields, ref, grantee);
      GivenShare changed =
          Problems.valueOf(
              projects.changeShare(call.actor(), ref, grantee, precondition, role, appliedBy));
      call.ok(ProjectShareJson.of(changed.share()));
    }
  }

  private Precondition done(ApiCall call, JsonObject fields, Project.Ref ref, GranteeName grantee) {
    return call.done(
        fields,
        GranteeFields.READ_ONLY,
        () ->
            CurrentState.of(
                projects.findShare(call.actor(), ref, grantee),
                ProjectShareJson::of,
                Share::version,
                GranteeFields.of(grantee)));
  }

  private void end(ApiCall call) {
    Problems.throwIfRefused(
        projects.endShare(call.actor(), call.project(), call.grantee(), call.precondition()));
    call.noContent();
  }

  /**
   * A share of a project as the API shows it. A share of a project has only a role, and no limits.
   */
  record ProjectShareJson(
      Optional<String> user,
      String grantee,
      String role,
      Optional<String> givenBy,
      long version,
      Instant createdAt,
      Optional<String> appliedBy) {

    static ProjectShareJson of(Share share) {
      return new ProjectShareJson(
          share.grantee().user().map(Handle::value),
          share.grantee().name().toString(),
          share.terms().role().wireName(),
          share.givenBy().map(Handle::value),
          share.version(),
          share.createdAt(),
          share.appliedBy().map(AppliedBy::value));
    }
  }
}
