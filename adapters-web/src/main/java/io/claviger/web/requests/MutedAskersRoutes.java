package io.claviger.web.requests;

import io.claviger.application.requests.BorrowRequests;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.requests.MutedAskers;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Set;

/** {@code /v1/users/{user}/muted-requests}. */
public final class MutedAskersRoutes implements RouteGroup {
  private static final JsonConverter<List<Handle>> HANDLES =
      JsonConverter.listOf(JsonConverter.text(Handle::new));

  private final BorrowRequests requests;

  public MutedAskersRoutes(BorrowRequests requests) {
    this.requests = requests;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/users/{user}/muted-requests").get(this::show).put(this::save);
  }

  /** The users from whom a user accepts no requests. */
  record MutedAskersJson(boolean everybody, List<String> users) {
    static MutedAskersJson of(MutedAskers muted) {
      return new MutedAskersJson(
          muted.everybody(), muted.users().stream().map(Handle::value).sorted().toList());
    }
  }

  private void show(ApiCall call) {
    call.ok(
        MutedAskersJson.of(Problems.valueOf(requests.muted(call.actor(), call.handle("user")))));
  }

  private void save(ApiCall call) {
    Handle user = call.handle("user");
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Field<Boolean> everybody = fields.value("everybody", JsonConverter.FLAG);
      Field<List<Handle>> users = fields.value("users", HANDLES);
      fields.rejectUnread();
      MutedAskers muted = new MutedAskers(everybody.or(false), Set.copyOf(users.or(List.of())));
      call.ok(MutedAskersJson.of(Problems.valueOf(requests.mute(call.actor(), user, muted))));
    }
  }
}
