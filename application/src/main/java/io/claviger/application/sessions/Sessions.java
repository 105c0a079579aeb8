package io.claviger.application.sessions;

import io.claviger.application.accounts.TokenAcceptance;
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

/** Starts, finds and ends sessions. In a session, a user is signed in with a browser. */
public interface Sessions {
  /**
   * @param acceptance the object that checks whether the access token with which a session began is
   *     still valid
   * @param local the rule about who may be signed in without the identity provider
   */
  static Sessions of(
      SessionStore sessions,
      SignInLinkStore links,
      UserStore users,
      TokenAcceptance acceptance,
      LocalSignIn local,
      RandomBytes random,
      AuditedChanges changes) {
    return new SessionUseCases(sessions, links, users, acceptance, local, random, changes);
  }

  /**
   * Starts a session. If a user already has {@link Session#MOST} live sessions, the oldest session
   * ends.
   *
   * @param address the browser's address
   * @param userAgent the browser's {@code User-Agent} header; only the first 200 characters are
   *     stored
   * @return the session; refused with {@code forbidden} if the user is suspended or is a service
   *     account; refused with {@code not_found} if the user no longer exists, or if the token,
   *     identity or one-time link of the sign-in no longer exists
   */
  Outcome<NewSession> start(SignedIn who, String address, String userAgent, String requestId);

  /**
   * Finds who acts through a session, and records that the session was used. The result is empty if
   * the secret is unknown, the session has ended, the user is suspended, or the user has to sign in
   * again. The result is also empty if the session's access token is refused, for example because
   * the token is no longer in this node's environment. The result is also empty if the session
   * began without the identity provider, and this node allows the user no such sessions. A session
   * that began with a one-time link can be used even if the user has to sign in again.
   */
  Optional<SessionActor> find(BrowserSecret secret, CallerOrigin from, String requestId);

  /** Finds who acts through a session, for a browser without a client certificate. */
  default Optional<SessionActor> find(BrowserSecret secret, String address, String requestId) {
    return find(secret, new CallerOrigin(address), requestId);
  }

  /** Signs the user out of this session. If the session has already ended, nothing happens. */
  void end(SessionActor session);

  /**
   * Lists a user's live sessions, the oldest first. Users can list their own sessions.
   * Administrators can list the sessions of every user.
   */
  Outcome<Page<Session, Session.Id>> list(Actor actor, Handle user, PageRequest<Session.Id> page);

  /**
   * Ends a session. Users can end their own sessions. Administrators can end the sessions of every
   * user.
   */
  Outcome<Session.Id> end(Actor actor, Handle user, Session.Id session);

  /** Removes the sessions that have ended. A periodic task calls this method. */
  int removeEnded();
}
