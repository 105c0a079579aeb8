package io.claviger.domain.accounts;

import io.claviger.domain.policy.CallLimits;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.TokenRate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Everything that is known about an access token except its text. The text is not stored anywhere.
 *
 * @param origin how it was created: by a user, by the command line, or from the environment
 * @param restriction the only service or project that it can be used for; a restricted token always
 *     has the scope {@link TokenScope#USE}
 * @param inheritedRates the rates of the tokens that it was created with, the strictest last; its
 *     calls count against these too, even after those tokens are deleted
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

  /** How a token was created. A command replaces only tokens that commands created. */
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

  /** The rates that a token created with this one inherits. */
  public List<TokenRate> passedOnRates() {
    return TokenRate.passedOn(inheritedRates, id.value(), limits.requestsPerMinute());
  }

  /** What calls with this token count against. */
  public CallLimits.Token asCallToken() {
    return new CallLimits.Token(id.value(), limits, inheritedRates);
  }

  public boolean expiredAt(Instant now) {
    return expiresAt.isPresent() && !now.isBefore(expiresAt.get());
  }
}
