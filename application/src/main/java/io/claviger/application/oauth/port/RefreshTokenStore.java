package io.claviger.application.oauth.port;

import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.oauth.RefreshToken;
import java.time.Instant;
import java.util.Optional;

/** Stores the hash of an access token's only valid refresh token. */
public interface RefreshTokenStore {
  /**
   * The refresh tokens of a device sign-in.
   *
   * @param token the access token that is refreshed
   * @param current the hash of the only valid refresh token
   */
  record Family(AccessToken.Id token, TokenHash current) {}

  Optional<Family> find(TokenHash family);

  /**
   * Locks the access token of a family of refresh tokens and then the family itself, until the
   * transaction ends.
   */
  Optional<Family> lock(TokenHash family);

  void insert(AccessToken.Id token, RefreshToken first, Instant at);

  void replace(AccessToken.Id token, RefreshToken next, Instant at);
}
