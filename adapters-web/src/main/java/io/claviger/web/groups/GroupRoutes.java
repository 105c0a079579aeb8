package io.claviger.web.groups;

import io.claviger.application.groups.GroupView;
import io.claviger.application.groups.Groups;
import io.claviger.application.groups.Groups.GroupCommand;
import io.claviger.application.groups.Groups.WrittenGroup;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.DisplayName;
import io.claviger.domain.accounts.Handle;
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
import java.util.List;
import java.util.Optional;

/** {@code /v1/groups}. */
public final class GroupRoutes implements RouteGroup {
  private static final String GROUPS = "/v1/groups";
  private static final List<String> READ_ONLY = List.of("handle", "kind", "member_count");
  private static final JsonConverter<DisplayName> DISPLAY_NAME =
      JsonConverter.text(DisplayName::new);

  private final Groups groups;

  public GroupRoutes(Groups groups) {
    this.groups = groups;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at(GROUPS).get(this::list, "limit", "cursor");
    routes.at(GROUPS + "/{group}").resource(this::show, this::put, this::patch, this::delete);
  }

  private void list(ApiCall call) {
    PageRequest<Handle> page = call.page(CursorFormat.HANDLE);
    call.list(
        Problems.valueOf(groups.list(call.actor(), page)), CursorFormat.HANDLE, GroupJson::of);
  }

  private void show(ApiCall call) {
    GroupView found = Problems.valueOf(groups.find(call.actor(), call.ownedHandle("group")));
    call.shown(GroupJson.of(found), found.group().version());
  }

  private void put(ApiCall call) {
    Handle handle = call.newHandle("group");
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      GroupCommand command = command(fields);
      Precondition precondition = done(call, fields, handle);
      WrittenGroup written =
          Problems.valueOf(groups.put(call.actor(), handle, precondition, command));
      call.written(written.created(), GroupJson.of(written.view()));
    }
  }

  private void patch(ApiCall call) {
    Handle handle = call.ownedHandle("group");
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      GroupCommand command = command(fields);
      Precondition precondition = done(call, fields, handle);
      WrittenGroup written =
          Problems.valueOf(groups.patch(call.actor(), handle, precondition, command));
      call.ok(GroupJson.of(written.view()));
    }
  }

  private static GroupCommand command(JsonObject fields) {
    return new GroupCommand(
        fields.value("display_name", DISPLAY_NAME), AppliedByField.read(fields));
  }

  private Precondition done(ApiCall call, JsonObject fields, Handle handle) {
    return call.done(fields, READ_ONLY, () -> current(call.actor(), handle));
  }

  private CurrentState current(Actor actor, Handle handle) {
    return switch (groups.find(actor, handle)) {
      case Outcome.Done<GroupView> found ->
          CurrentState.of(GroupJson.of(found.value()), found.value().group().version());
      case Outcome.Refused<GroupView> refused -> CurrentState.nothing(new Named(handle.value()));
    };
  }

  private void delete(ApiCall call) {
    Handle unused =
        Problems.valueOf(
            groups.delete(call.actor(), call.ownedHandle("group"), call.precondition()));
    call.noContent();
  }

  private record Named(String handle) {}

  /** A group as the API shows it to everybody. */
  record GroupJson(
      String handle,
      String displayName,
      String kind,
      int memberCount,
      Optional<String> appliedBy,
      long version) {
    static GroupJson of(GroupView view) {
      return new GroupJson(
          view.group().handle().value(),
          view.group().displayName().value(),
          view.group().kind().wireName(),
          view.memberCount(),
          view.group().appliedBy().map(AppliedBy::value),
          view.group().version());
    }
  }
}
