package io.claviger.application.accounts;

import io.claviger.application.shared.Actor;
import io.claviger.domain.accounts.TokenText;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds out who presents an access token. What has not the shape of one is rejected without asking
 * the database. Rejections are on record, and too many of one address are told to wait; a good
 * token from there passes as ever.
 */
public interface Authenticate {
  /**
   * @param address the caller's
   */
  Outcome authenticate(TokenText token, String address, String requestId);

  /**
   * Who it is, or that the token is unknown, malformed, expired or revoked: these are not told
   * apart.
   */
  sealed interface Outcome {
    record Authenticated(Actor actor) implements Outcome {}

    /**
     * @param retryAfter how long to wait before presenting another, after too many
     */
    record Rejected(Optional<Duration> retryAfter) implements Outcome {}
  }
}
