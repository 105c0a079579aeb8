package io.claviger.application.scim.port;

import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.scim.ScimToken;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

public interface ScimTokenStore {
  Optional<ScimToken> find(TokenHash hash);

  Optional<ScimToken> find(ScimToken.Id id);

  /** Lists all tokens, the oldest first. The list has at most {@link ScimToken#MOST} tokens. */
  List<ScimToken> list();

  /**
   * Lists all tokens like {@link #list}. Until the transaction ends, no other transaction can write
   * tokens.
   */
  List<ScimToken> lock();

  void insert(ScimToken token, TokenHash hash);

  /** Ends a token. Returns whether the token existed. */
  boolean delete(ScimToken.Id id);

  /** Records that a token was used, unless a use within the last minute is already recorded. */
  void recordUse(ScimToken.Id id, Instant now);
}
