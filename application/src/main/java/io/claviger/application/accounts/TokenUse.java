package io.claviger.application.accounts;

import io.claviger.application.accounts.out.AccessTokens;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Notes when a token was last used, to the minute: a write for each use would cost more than the
 * use.
 */
public final class TokenUse {
  private static final Duration GRAIN = Duration.ofMinutes(1);
  private static final int MOST = 100_000;

  private final AccessTokens tokens;
  private final Map<TokenId, Instant> noted = new ConcurrentHashMap<>();

  public TokenUse(AccessTokens tokens) {
    this.tokens = tokens;
  }

  /** Whether the use has to be written down, as far as this node knows. */
  public boolean isDue(AccessToken token, Instant now) {
    return isLongAgo(token.lastUsedAt().orElse(Instant.MIN), now)
        && isLongAgo(noted.getOrDefault(token.id(), Instant.MIN), now);
  }

  public void note(AccessToken token, Instant now) {
    if (isDue(token, now)) {
      tokens.used(token.id(), now);
      if (noted.size() >= MOST) {
        noted.clear();
      }
      noted.put(token.id(), now);
    }
  }

  private static boolean isLongAgo(Instant last, Instant now) {
    return !last.isAfter(now.minus(GRAIN));
  }
}
