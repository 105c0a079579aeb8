package io.claviger.application.accounts.port;

import io.claviger.domain.accounts.TokenHash;
import java.time.Instant;
import java.util.Optional;

/** Finds access tokens for requests that change nothing. The results can be up to 50 ms old. */
@FunctionalInterface
public interface RecentTokens {
  /**
   * Finds a token by its whole hash. Expired tokens are found too.
   *
   * @return empty when no token has this hash
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer
   */
  Optional<AccessTokenStore.Presented> find(TokenHash hash, Instant now);
}
