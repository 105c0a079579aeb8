package io.claviger.web.groups;

import io.claviger.application.groups.Groups;
import io.claviger.application.groups.Groups.WrittenMember;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.groups.GroupMember;
import io.claviger.domain.groups.GroupRole;
import io.claviger.web.json.AppliedByField;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.StoredRepresentation;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /v1/groups/{group}/members}: the members of a group. */
public final class GroupMemberRoutes implements RouteGroup {
  private static final String MEMBERS = "/v1/groups/{group}/members";
  private static final JsonConverter<GroupRole> ROLE = JsonConverter.text(GroupRole::of);

  private final Groups groups;

  public GroupMemberRoutes(Groups groups) {
    this.groups = groups;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at(MEMBERS).get(this::list, "limit", "cursor");
    routes.at(MEMBERS + "/{user}").get(this::show).put(this::put).delete(this::remove);
  }

  private void list(ApiCall call) {
    Handle group = call.ownedHandle("group");
    PageRequest<Handle> page = call.page(CursorFormat.HANDLE);
    call.list(
        Problems.valueOf(groups.listMembers(call.actor(), group, page)),
        CursorFormat.HANDLE,
        MemberJson::of);
  }

  private void show(ApiCall call) {
    GroupMember found =
        Problems.valueOf(
            groups.findMember(call.actor(), call.ownedHandle("group"), call.handle("user")));
    call.shown(MemberJson.of(found), found.version());
  }

  private void put(ApiCall call) {
    Handle group = call.ownedHandle("group");
    Handle user = call.writtenHandle("user");
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Field<GroupRole> role = fields.required("role", ROLE, "Give member or manager.");
      Field<AppliedBy> appliedBy = AppliedByField.read(fields);
      StoredRepresentation.of(Map.of("user", user.value())).rejectChanges(fields, List.of("user"));
      fields.ignore("created_at");
      Precondition precondition = call.precondition(fields);
      fields.rejectUnread();
      WrittenMember written =
          Problems.valueOf(
              groups.putMember(
                  call.actor(), group, user, precondition, role.given().orElseThrow(), appliedBy));
      call.written(written.created(), MemberJson.of(written.member()));
    }
  }

  private void remove(ApiCall call) {
    Problems.throwIfRefused(
        groups.removeMember(
            call.actor(), call.ownedHandle("group"), call.handle("user"), call.precondition()));
    call.noContent();
  }

  private record MemberJson(
      String user, String role, Instant createdAt, Optional<String> appliedBy, long version) {
    static MemberJson of(GroupMember member) {
      return new MemberJson(
          member.handle().value(),
          member.role().wireName(),
          member.createdAt(),
          member.appliedBy().map(AppliedBy::value),
          member.version());
    }
  }
}
