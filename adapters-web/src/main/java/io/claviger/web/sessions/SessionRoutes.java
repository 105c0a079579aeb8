package io.claviger.web.sessions;

import io.claviger.application.sessions.Sessions;
import io.claviger.application.shared.PageRequest;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.sessions.Session;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.UUID;

/** {@code /v1/users/{user}/sessions}. */
public final class SessionRoutes implements RouteGroup {
  private static final String SESSIONS = "/v1/users/{user}/sessions";
  private static final CursorFormat<Session.Id> POSITION =
      new CursorFormat<>(id -> id.value().toString(), SessionRoutes::position);

  private final Sessions sessions;

  public SessionRoutes(Sessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at(SESSIONS).get(this::list, "limit", "cursor");
    routes.at(SESSIONS + "/{id}").delete(this::end);
  }

  private void list(ApiCall call) {
    Handle user = call.handle("user");
    PageRequest<Session.Id> page = call.page(POSITION);
    call.list(Problems.valueOf(sessions.list(call.actor(), user, page)), POSITION, SessionJson::of);
  }

  private void end(ApiCall call) {
    Problems.throwIfRefused(
        sessions.end(call.actor(), call.handle("user"), new Session.Id(call.id("id"))));
    call.noContent();
  }

  private static Session.Id position(String text) {
    try {
      return new Session.Id(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      throw CursorFormat.notOfThisList();
    }
  }

  /** A session as the API shows it, without its secret. Only the browser keeps the secret. */
  record SessionJson(
      UUID id,
      String method,
      String address,
      String userAgent,
      Instant signedInAt,
      Instant seenAt,
      Instant endsAt) {

    static SessionJson of(Session session) {
      return new SessionJson(
          session.id().value(),
          session.method().wireName(),
          session.address(),
          session.userAgent(),
          session.signedInAt(),
          session.seenAt(),
          session.endsAt());
    }
  }
}
