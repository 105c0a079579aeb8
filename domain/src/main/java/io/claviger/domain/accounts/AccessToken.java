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
 * @param origin how it was created: by a user, by a program, by the command line, or from the
 *     environment
 * @param restriction the only service or project that it can be used for; a restricted token always
 *     has the scope {@link TokenScope#USE}
 * @param inheritedRates the rates of the tokens that it was created with, the strictest last; its
 *     calls count against these too, even after those tokens are deleted
 * @param parent the token that it is a narrower one of, and with which it ends
 * @param refreshableUntil the end of the device sign-in that it came from; until then a refresh
 *     token may replace its text and its expiry
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
    Optional<Instant> lastUsedAt,
    Optional<TokenId> parent,
    Optional<Instant> refreshableUntil) {

  /** How a token was created. A command replaces only tokens that commands created. */
  public enum Origin {
    USER,
    FIRST,
    RECOVERY,
    COMMAND,
    ENVIRONMENT,
    /** Approved by its user in a browser (RFC 8628). */
    DEVICE,
    /** Created with another token, which it can't outlive or exceed. */
    NARROWED
  }

  /** Creates a token that neither has a parent nor can be refreshed. */
  public AccessToken(
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
    this(
        id,
        user,
        name,
        scope,
        origin,
        restriction,
        limits,
        inheritedRates,
        createdAt,
        expiresAt,
        lastUsedAt,
        Optional.empty(),
        Optional.empty());
  }

  public AccessToken {
    if (restriction.isPresent() && scope != TokenScope.USE) {
      throw new IllegalArgumentException("a restricted token is of scope use");
    }
    if (parent.isPresent() && scope != TokenScope.USE) {
      throw new IllegalArgumentException("a narrower token is of scope use");
    }
    inheritedRates = List.copyOf(inheritedRates);
  }

  /** This token after a refresh, which gives it another text and this expiry. */
  public AccessToken refreshed(Instant newExpiry) {
    return new AccessToken(
        id,
        user,
        name,
        scope,
        origin,
        restriction,
        limits,
        inheritedRates,
        createdAt,
        Optional.of(newExpiry),
        lastUsedAt,
        parent,
        refreshableUntil);
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
