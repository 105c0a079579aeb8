package io.claviger.application.scim.port;

import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.scim.ScimToken;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

public interface ScimTokenStore {
  Optional<ScimToken> find(TokenHash hash);

  Optional<ScimToken> find(ScimToken.Id id);

  /** Lists all tokens, oldest first. There are {@link ScimToken#MOST} at most. */
  List<ScimToken> list();

  /**
   * Lists all tokens as {@link #list} does, and prevents others from writing tokens until the
   * transaction ends.
   */
  List<ScimToken> lock();

  void insert(ScimToken token, TokenHash hash);

  /** Ends a token. Returns whether the token existed. */
  boolean delete(ScimToken.Id id);

  /** Records that a token was used, unless a use was recorded in the last minute. */
  void recordUse(ScimToken.Id id, Instant now);
}
