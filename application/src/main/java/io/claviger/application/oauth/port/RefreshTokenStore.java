package io.claviger.application.oauth.port;

import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.oauth.RefreshToken;
import java.time.Instant;
import java.util.Optional;

/** Stores the hash of the one refresh token that is valid for an access token. */
public interface RefreshTokenStore {
  /**
   * The refresh tokens of one device sign-in.
   *
   * @param token the access token that these refresh tokens refresh
   * @param current the hash of the only valid refresh token
   */
  record Family(AccessToken.Id token, TokenHash current) {}

  Optional<Family> find(TokenHash family);

  /** Locks the access token of a family, and then the family, until the transaction ends. */
  Optional<Family> lock(TokenHash family);

  void insert(AccessToken.Id token, RefreshToken first, Instant at);

  void replace(AccessToken.Id token, RefreshToken next, Instant at);
}
