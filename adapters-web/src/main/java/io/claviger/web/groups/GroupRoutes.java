package io.claviger.web.groups;

import io.claviger.application.groups.GroupView;
import io.claviger.application.groups.Groups;
import io.claviger.application.groups.Groups.WrittenGroup;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.SearchText;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.domain.groups.Group;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.ResourceJson;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.Map;
import java.util.Optional;

/** {@code /v1/groups}. */
public final class GroupRoutes implements RouteGroup {
  private static final String GROUPS = "/v1/groups";
  private static final ResourceJson<GroupView> JSON = json();

  private final Groups groups;

  public GroupRoutes(Groups groups) {
    this.groups = groups;
  }

  private static ResourceJson<GroupView> json() {
    ResourceJson<GroupView> json =
        new ResourceJson<GroupView>().readOnly("handle", view -> view.group().handle().value());
    Group.FIELDS.forEach(field -> json.field(field, view -> view.group().fields()));
    return json.readOnly("kind", view -> view.group().kind().wireName())
        .readOnly("member_count", GroupView::memberCount)
        .writable("version", view -> view.group().version());
  }

  @Override
  public void addTo(Routes routes) {
    routes.at(GROUPS).get(this::list, "limit", "cursor", "q");
    routes.at(GROUPS + "/{group}").resource(this::show, this::put, this::patch, this::delete);
  }

  private void list(ApiCall call) {
    Optional<SearchText> text = call.query().value("q", SearchText::new);
    PageRequest<Handle> page = call.page(CursorFormat.HANDLE);
    call.list(
        Problems.valueOf(groups.list(call.actor(), text, page)), CursorFormat.HANDLE, JSON::of);
  }

  private void show(ApiCall call) {
    GroupView found = Problems.valueOf(groups.find(call.actor(), call.ownedHandle("group")));
    call.shown(JSON.of(found), found.group().version());
  }

  private void put(ApiCall call) {
    write(call, call.newHandle("group"), groups::put);
  }

  private void patch(ApiCall call) {
    write(call, call.ownedHandle("group"), groups::patch);
  }

  private void write(ApiCall call, Handle handle, Write how) {
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      FieldWrites writes = fields.fields(Group.FIELDS);
      Precondition precondition =
          call.done(fields, JSON.readOnly(), () -> current(call.actor(), handle));
      WrittenGroup written =
          Problems.valueOf(how.write(call.actor(), handle, precondition, writes));
      call.written(written.created(), JSON.of(written.view()));
    }
  }

  private CurrentState current(Actor actor, Handle handle) {
    return CurrentState.of(
        groups.find(actor, handle),
        JSON::of,
        found -> found.group().version(),
        Map.of("handle", handle.value()));
  }

  private void delete(ApiCall call) {
    Problems.throwIfRefused(
        groups.delete(call.actor(), call.ownedHandle("group"), call.precondition()));
    call.noContent();
  }

  @FunctionalInterface
  private interface Write {
    Outcome<WrittenGroup> write(
        Actor actor, Handle group, Precondition precondition, FieldWrites fields);
  }
}
