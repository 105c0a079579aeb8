package io.claviger.domain.accounts;

import io.claviger.domain.policy.Limits;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of an access token besides its text, which is stored nowhere.
 *
 * @param origin who made it: a user, the command line, or the environment
 * @param restriction the one service or project it is good for; a restricted token is always {@link
 *     TokenScope#USE}
 */
public record AccessToken(
    TokenId id,
    UserId user,
    TokenName name,
    TokenScope scope,
    Origin origin,
    Optional<TokenRestriction> restriction,
    Limits limits,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Optional<Instant> lastUsedAt) {

  /** Where a token came from: a command replaces only tokens of commands. */
  public enum Origin {
    USER,
    FIRST,
    RECOVERY,
    COMMAND,
    ENVIRONMENT
  }

  public AccessToken {
    if (restriction.isPresent() && scope != TokenScope.USE) {
      throw new IllegalArgumentException("a restricted token is of scope use");
    }
  }

  public boolean expiredAt(Instant now) {
    return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
  }
}
