package io.claviger.application.sessions;

import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.sessions.SignInMethod;
import java.util.Optional;

/**
 * A user who has just been authenticated.
 *
 * @param link the hash of the one-time link that the user presented; empty if the user presented no
 *     link. A link can start only one session
 */
public record SignedIn(User.Id user, SignInMethod method, Optional<TokenHash> link) {
  /** Creates a user who presented no one-time link. */
  public SignedIn(User.Id user, SignInMethod method) {
    this(user, method, Optional.empty());
  }
}
