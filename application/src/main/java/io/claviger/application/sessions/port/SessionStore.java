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

/**
 * Stores sessions. A session is found by the hash of its secret. The secret itself is not stored.
 */
public interface SessionStore {
  /** The length of an interval. In each interval, only the first use of a session is recorded. */
  Duration USE_GRAIN = Duration.ofMinutes(1);

  /**
   * A session with its user.
   *
   * @param token the access token with which the user signed in; empty if the user signed in
   *     without an access token
   * @param tokenHash the hash of the text of this access token; present only if the user signed in
   *     with an access token
   * @param signInDueAt when the user has to sign in again; empty if the user never has to sign in
   *     again
   */
  record UserSession(
      Session session,
      User user,
      Optional<AccessToken> token,
      Optional<TokenHash> tokenHash,
      Optional<Instant> signInDueAt) {}

  /**
   * Finds a session. A session that has ended is also found until it is removed. A session that
   * began with an access token is found only if the token still exists and has the scope {@code
   * manage}.
   */
  Optional<UserSession> find(TokenHash secret);

  /** Finds and locks a user, so that the user's sessions start one after another. */
  Optional<User> lockUser(User.Id user);

  /**
   * Stores a new session.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if the session's user, token or
   *     identity no longer exists
   */
  void insert(Session session, TokenHash secret);

  /**
   * Records the use of a session, unless any node has already recorded a use within the last {@link
   * #USE_GRAIN}.
   */
  void recordUse(Session.Id session, Instant at);

  /**
   * Lists a user's live sessions, ordered by id.
   *
   * @param after the position of the session after which the list begins; if empty, the list begins
   *     with the first session
   */
  List<Session> listOf(User.Id user, Instant now, Optional<Session.Id> after, int limit);

  /** Deletes a user's session. Returns whether the session existed. */
  boolean delete(User.Id user, Session.Id session);

  /**
   * Deletes a user's oldest sessions until {@code left} sessions remain. Returns the number of
   * deleted sessions.
   */
  int deleteOldest(User.Id user, int left);

  int deleteOf(Identity identity);

  /** Deletes the sessions whose users signed in with a certain session of the identity provider. */
  int deleteOf(Issuer issuer, String providerSession);

  /**
   * Deletes the sessions that began with an identity, and of which the identity provider gave no
   * name of its own session.
   */
  int deleteUnnamedOf(Identity identity);

  /** Deletes the sessions that have ended according to the database's clock. */
  int deleteEnded();
}
