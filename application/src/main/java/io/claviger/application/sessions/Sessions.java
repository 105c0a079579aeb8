package io.claviger.application.sessions;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.sessions.port.SessionStore;
import io.claviger.application.sessions.port.SignInLinkStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.domain.accounts.CallerOrigin;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.sessions.BrowserSecret;
import io.claviger.domain.sessions.Session;
import java.util.Optional;

/** Sessions: browsers in which a user is signed in. */
public interface Sessions {
  static Sessions of(
      SessionStore sessions,
      SignInLinkStore links,
      UserStore users,
      RandomBytes random,
      AuditedChanges changes) {
    return new SessionUseCases(sessions, links, users, random, changes);
  }

  /**
   * Starts a session. A user who has {@link Session#MOST} live sessions loses the oldest of them.
   *
   * @param address the browser's address
   * @param userAgent the browser's {@code User-Agent} header; only the first 200 characters are
   *     kept
   * @return the session. Refused as forbidden when the user is suspended or a service account.
   *     Refused as not found when the user no longer exists, or when the token, identity or
   *     one-time link of the sign-in no longer exists
   */
  Outcome<NewSession> start(SignedIn who, String address, String userAgent, String requestId);

  /**
   * Finds who acts through a session, and records that the session was used. The result is empty if
   * the secret is unknown, if the session has ended, if the user is suspended, if the access token
   * that began the session is refused, or if the user has to sign in again. A user who has to sign
   * in again can still act through a session that began with a one-time link.
   */
  Optional<SessionActor> find(BrowserSecret secret, CallerOrigin from, String requestId);

  /** Finds who acts through a session of a browser that presented no client certificate. */
  default Optional<SessionActor> find(BrowserSecret secret, String address, String requestId) {
    return find(secret, new CallerOrigin(address), requestId);
  }

  /** Signs the user out of this session. If the session has ended already, nothing happens. */
  void end(SessionActor session);

  /**
   * Lists a user's live sessions, oldest first. Users may list their own sessions, and
   * administrators may list every user's sessions.
   */
  Outcome<Page<Session, Session.Id>> list(Actor actor, Handle user, PageRequest<Session.Id> page);

  /**
   * Ends a session. Users may end their own sessions; administrators may end the sessions of all
   * users.
   */
  Outcome<Session.Id> end(Actor actor, Handle user, Session.Id session);

  /** Removes the sessions that have ended. A periodic task calls this. */
  int removeEnded();
}
