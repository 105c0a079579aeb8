package io.claviger.application.sessions.port;

import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.sessions.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Stores sessions. A session is found by the hash of its secret; the secret is never stored. */
public interface SessionStore {
  /** The length of the interval in which only the first use of a session is recorded. */
  Duration USE_GRAIN = Duration.ofMinutes(1);

  /**
   * A session with its user.
   *
   * @param token the access token with which the user signed in; empty if the user signed in
   *     without an access token
   * @param signInDueAt when the user has to sign in again; empty if the user never has to
   */
  record UserSession(
      Session session, User user, Optional<AccessToken> token, Optional<Instant> signInDueAt) {}

  /** Finds a session. Sessions that have ended but were not removed yet are found too. */
  Optional<UserSession> find(TokenHash secret);

  /** Finds a user and locks the user, so that the user's sessions start one after the other. */
  Optional<User> lockUser(User.Id user);

  /**
   * Stores a new session.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict when the user, token or identity of
   *     the session no longer exists
   */
  void insert(Session session, TokenHash secret);

  /** Records the use of a session, unless any node has recorded a use within {@link #USE_GRAIN}. */
  void recordUse(Session.Id session, Instant at);

  /**
   * Lists a user's live sessions by id.
   *
   * @param after the session after which the list begins; empty if the list begins with the first
   *     session
   */
  List<Session> listOf(User.Id user, Instant now, Optional<Session.Id> after, int limit);

  /** Deletes a user's session and returns whether the session existed. */
  boolean delete(User.Id user, Session.Id session);

  /**
   * Deletes the oldest sessions of a user, so that {@code left} sessions remain. Returns how many
   * sessions were deleted.
   */
  int deleteOldest(User.Id user, int left);

  int deleteOf(Identity identity);

  /** Deletes the sessions that began in a session of the identity provider. */
  int deleteOf(Issuer issuer, String providerSession);

  int deleteEnded(Instant now);
}
