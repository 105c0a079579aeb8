package io.claviger.web.accounts;

import io.claviger.application.accounts.AccountsModule;
import io.claviger.application.accounts.CreateUser;
import io.claviger.application.accounts.DeleteUser;
import io.claviger.application.accounts.FindUsers;
import io.claviger.application.accounts.UpdateUser;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.Handle;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;

/** {@code /v1/me} and {@code /v1/users}. */
public final class UserRoutes {
  private final FindUsers find;
  private final CreateUser create;
  private final UpdateUser update;
  private final DeleteUser delete;

  public UserRoutes(AccountsModule accounts) {
    this.find = accounts.findUsers();
    this.create = accounts.createUser();
    this.update = accounts.updateUser();
    this.delete = accounts.deleteUser();
  }

  public void addTo(Routes routes) {
    routes.at("/v1/me").get(this::me);
    routes.at("/v1/users").get(this::list, "limit", "cursor").post(this::create);
    routes.at("/v1/users/{user}").get(this::show).patch(this::update).delete(this::delete, "force");
  }

  private void me(ApiCall call) {
    call.ok(MeJson.of(find.me(call.actor()), call.actor().token()));
  }

  private void list(ApiCall call) {
    switch (find.list(call.actor(), call.page(CursorFormat.HANDLE))) {
      case FindUsers.ListOutcome.Listed listed ->
          call.list(listed.page(), CursorFormat.HANDLE, UserJson::of);
      case FindUsers.ListOutcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void create(ApiCall call) {
    try (Body body = call.body()) {
      switch (create.create(call.actor(), UserReader.creation(body.fields()))) {
        case CreateUser.Outcome.Created created ->
            call.created(
                "/v1/users/" + created.user().handle(),
                NewUserJson.of(created.user(), created.accessToken()));
        case CreateUser.Outcome.Refused refused -> throw Problems.refusal(refused.why());
      }
    }
  }

  private void show(ApiCall call) {
    switch (find.find(call.actor(), call.handle("user"))) {
      case FindUsers.Outcome.Found found ->
          call.shown(UserJson.of(found.user()), found.user().version());
      case FindUsers.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void update(ApiCall call) {
    Handle user = call.handle("user");
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      UpdateUser.Command command = UserReader.change(fields);
      Precondition precondition =
          call.done(fields, UserReader.READ_ONLY, () -> current(call.actor(), user));
      switch (update.update(call.actor(), user, precondition, command)) {
        case UpdateUser.Outcome.Updated updated -> call.ok(UserJson.of(updated.user()));
        case UpdateUser.Outcome.Refused refused -> throw Problems.refusal(refused.why());
      }
    }
  }

  private CurrentState current(Actor actor, Handle user) {
    return switch (find.find(actor, user)) {
      case FindUsers.Outcome.Found found ->
          CurrentState.of(UserJson.of(found.user()), found.user().version());
      case FindUsers.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    };
  }

  private void delete(ApiCall call) {
    boolean force = call.query().flag("force").orElse(false);
    call.query().rejectUnread();
    switch (delete.delete(call.actor(), call.handle("user"), call.precondition(), force)) {
      case DeleteUser.Outcome.Deleted deleted -> call.noContent();
      case DeleteUser.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }
}
