package io.claviger.application.accounts;

import io.claviger.application.accounts.out.AccessTokens;
import io.claviger.domain.accounts.AccessToken;
import java.time.Duration;
import java.time.Instant;

/**
 * Notes when a token was last used, to the minute: a write for each use would cost more than the
 * use.
 */
public final class TokenUse {
  private static final Duration GRAIN = Duration.ofMinutes(1);

  private final AccessTokens tokens;

  public TokenUse(AccessTokens tokens) {
    this.tokens = tokens;
  }

  public void note(AccessToken token, Instant now) {
    if (token.lastUsedAt().isEmpty() || !now.isBefore(token.lastUsedAt().get().plus(GRAIN))) {
      tokens.used(token.id(), now);
    }
  }
}
