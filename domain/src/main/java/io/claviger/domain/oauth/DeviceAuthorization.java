package io.claviger.domain.oauth;

import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.accounts.User;
import io.claviger.domain.sessions.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A device's request for an access token, and the user's answer.
 *
 * @param address the address from which the device requested the authorization
 * @param interval the time that the device has to wait between two polls
 * @param polledAt when the device polled last
 */
public record DeviceAuthorization(
    UUID id,
    UserCode userCode,
    TokenScope scope,
    String address,
    Instant createdAt,
    Instant expiresAt,
    Duration interval,
    Optional<Instant> polledAt,
    Optional<UserDecision> answer) {
  /** The time within which a user has to approve. */
  public static final Duration LIFETIME = Duration.ofMinutes(10);

  /**
   * The initial interval between polls. Each premature poll makes the interval longer by the same
   * amount.
   */
  public static final Duration INTERVAL = Duration.ofSeconds(5);

  private static final Duration LONGEST_INTERVAL = LIFETIME;

  /** A user's answer. */
  public sealed interface UserDecision {
    User.Id user();

    Handle handle();

    /**
     * @param with the id of the access token with which the user signed in to the browser; empty if
     *     the user did not sign in with an access token
     */
    record Approved(User.Id user, Handle handle, Optional<AccessToken.Id> with)
        implements UserDecision {}

    record Denied(User.Id user, Handle handle) implements UserDecision {}
  }

  /** The answer to a poll (RFC 8628, 3.5). */
  public enum Poll {
    APPROVED,
    PENDING,
    TOO_SOON,
    DENIED,
    EXPIRED
  }

  public boolean expiredAt(Instant now) {
    return !now.isBefore(expiresAt);
  }

  public Poll poll(Instant now) {
    if (expiredAt(now)) {
      return Poll.EXPIRED;
    }
    if (polledAt.isPresent() && now.isBefore(polledAt.get().plus(interval))) {
      return Poll.TOO_SOON;
    }
    if (answer.isEmpty()) {
      return Poll.PENDING;
    }
    return answer.get() instanceof UserDecision.Approved ? Poll.APPROVED : Poll.DENIED;
  }

  /** Returns the interval after a premature poll. */
  public Duration longerInterval() {
    Duration longer = interval.plus(INTERVAL);
    return longer.compareTo(LONGEST_INTERVAL) > 0 ? LONGEST_INTERVAL : longer;
  }

  /** Whether the user of a session may approve. */
  public boolean isApprovable(Session session, Instant now) {
    return session.mayHandOut(scope, now);
  }
}
