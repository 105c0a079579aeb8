package io.claviger.application.sessions;

import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.sessions.SignInMethod;
import java.time.Duration;
import java.util.Optional;

/**
 * A user who has just been authenticated.
 *
 * @param link the hash of the one-time link that the user presented; empty if the user presented no
 *     link. A link can start only one session
 * @param sinceProof how long ago the user has proven to the identity provider who they are; empty
 *     if the provider does not say so, and for other methods
 */
public record SignedIn(
    User.Id user, SignInMethod method, Optional<TokenHash> link, Optional<Duration> sinceProof) {
  /** Creates a user who presented no one-time link, and of whose proof nothing is known. */
  public SignedIn(User.Id user, SignInMethod method) {
    this(user, method, Optional.empty(), Optional.empty());
  }
}
