package io.claviger.web.served;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.sessions.NewSession;
import io.claviger.application.sessions.SessionActor;
import io.claviger.application.sessions.Sessions;
import io.claviger.application.sessions.SignedIn;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.sessions.BrowserSecret;
import io.claviger.domain.sessions.Session;
import io.claviger.domain.sessions.SessionId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Sessions in memory that never end by themselves. */
public final class SessionsInMemory implements Sessions {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final UserStore users;
  private final Map<BrowserSecret, Session> live = new LinkedHashMap<>();
  private int count;

  public SessionsInMemory(UserStore users) {
    this.users = users;
  }

  @Override
  public synchronized Outcome<NewSession> start(
      SignedIn who, String address, String userAgent, String requestId) {
    if (user(who.user()).isEmpty()) {
      return Outcome.refused(new Refusal.NotFound());
    }
    Instant now = Instant.parse("2026-03-01T10:00:00Z");
    Session session =
        new Session(
            new SessionId(new UUID(0, ++count)),
            who.user(),
            who.method(),
            address,
            userAgent,
            now,
            now);
    BrowserSecret secret = secret();
    live.put(secret, session);
    return Outcome.done(new NewSession(session, secret));
  }

  @Override
  public synchronized Optional<SessionActor> find(
      BrowserSecret secret, String address, String requestId) {
    return Optional.ofNullable(live.get(secret))
        .flatMap(
            session ->
                user(session.user())
                    .map(
                        user ->
                            new SessionActor(
                                session,
                                new Actor(
                                    user.id(),
                                    user.handle(),
                                    user.administrator(),
                                    Optional.empty(),
                                    address,
                                    requestId,
                                    Optional.of(session.id())),
                                secret.derive("form"))));
  }

  @Override
  public synchronized void end(SessionActor session) {
    live.values().removeIf(each -> each.id().equals(session.id()));
  }

  @Override
  public synchronized Outcome<Page<Session, SessionId>> list(
      Actor actor, Handle user, PageRequest<SessionId> page) {
    List<Session> own =
        live.values().stream().filter(each -> each.user().equals(actor.id())).toList();
    return Outcome.done(new Page<>(own, List.of(), Optional.empty()));
  }

  @Override
  public synchronized Outcome<SessionId> end(Actor actor, Handle user, SessionId session) {
    return live.values()
            .removeIf(each -> each.id().equals(session) && each.user().equals(actor.id()))
        ? Outcome.done(session)
        : Outcome.refused(new Refusal.NotFound());
  }

  @Override
  public int removeEnded() {
    return 0;
  }

  /** How many are live. */
  public synchronized int count() {
    return live.size();
  }

  private static BrowserSecret secret() {
    byte[] random = new byte[32];
    RANDOM.nextBytes(random);
    return BrowserSecret.of(random);
  }

  private Optional<User> user(io.claviger.domain.accounts.UserId id) {
    return users.list(Optional.empty(), 1_000).stream()
        .filter(user -> user.id().equals(id))
        .findFirst();
  }
}
