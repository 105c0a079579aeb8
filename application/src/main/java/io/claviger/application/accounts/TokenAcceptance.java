package io.claviger.application.accounts;

import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenText;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides which access tokens are valid, for both the API and the gateway. These are well-formed
 * tokens that are stored and have not expired, and the token from this node's environment, which
 * may have any form.
 *
 * @param environment the hash of the environment's token
 */
public record TokenAcceptance(Optional<TokenHash> environment) {

  /** Whether the database has to be asked. A text without the shape of a token is not one. */
  public boolean isWorthAsking(TokenText text, TokenHash hash) {
    return text.isWellFormed() || isEnvironments(hash);
  }

  /** Whether a recorded token is valid now. A token from the environment of another node is not. */
  public boolean accepts(AccessToken token, TokenHash hash, Instant now) {
    boolean fromHere = token.origin() != AccessToken.Origin.ENVIRONMENT || isEnvironments(hash);
    return fromHere && !token.expiredAt(now);
  }

  private boolean isEnvironments(TokenHash hash) {
    return environment.isPresent() && environment.get().equals(hash);
  }
}
