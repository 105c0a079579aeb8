package io.claviger.application.accounts;

import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenText;
import java.time.Instant;
import java.util.Optional;

/**
 * Which access tokens are good, for the API and the gateway alike: those of the right shape that
 * are on record and not expired, and the one that this node has from its environment, whatever its
 * shape.
 *
 * @param environment the hash of this node's environment token
 */
public record TokenAcceptance(Optional<TokenHash> environment) {

  /** Whether it is worth asking the database: what has not the shape of a token is none. */
  public boolean isWorthAsking(TokenText text, TokenHash hash) {
    return text.isWellFormed() || isEnvironments(hash);
  }

  /**
   * Whether a token on record is good now; one from another environment than this node's is not.
   */
  public boolean accepts(AccessToken token, TokenHash hash, Instant now) {
    boolean fromHere = token.origin() != AccessToken.Origin.ENVIRONMENT || isEnvironments(hash);
    return fromHere && !token.expiredAt(now);
  }

  private boolean isEnvironments(TokenHash hash) {
    return environment.isPresent() && environment.get().equals(hash);
  }
}
