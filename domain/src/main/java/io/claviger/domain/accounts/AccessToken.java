package io.claviger.domain.accounts;

import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.TokenRate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of an access token besides its text, which is stored nowhere.
 *
 * @param origin who made it: a user, the command line, or the environment
 * @param restriction the one service or project it is good for; a restricted token is always {@link
 *     TokenScope#USE}
 * @param inheritedRates the rates of the tokens that it came from, the strictest last: its calls
 *     count against these too, whether those tokens are still there or not
 */
public record AccessToken(
    TokenId id,
    UserId user,
    TokenName name,
    TokenScope scope,
    Origin origin,
    Optional<TokenRestriction> restriction,
    Limits limits,
    List<TokenRate> inheritedRates,
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
    inheritedRates = List.copyOf(inheritedRates);
  }

  /** The rates that calls with the tokens it creates count against, too. */
  public List<TokenRate> passedOnRates() {
    return TokenRate.passedOn(inheritedRates, id.value(), limits.requestsPerMinute());
  }

  public boolean expiredAt(Instant now) {
    return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
  }
}
