package io.claviger.domain.trusts;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;

/** The decision about whether Claviger exchanges a JWT for an access token of a service account. */
public sealed interface ExchangeDecision {
  /** The maximum time by which an issuer's clock may be ahead of this machine's clock. */
  Duration CLOCK_SKEW = Duration.ofSeconds(60);

  /**
   * @param trust the trust that accepts the JWT. If several trusts accept the JWT, this is the
   *     trust with the longest lifetime
   * @param expiresAt when the access token expires, which is at the latest when the JWT expires
   */
  record Accepted(Trust trust, Instant expiresAt) implements ExchangeDecision {}

  record Rejected(Reason reason) implements ExchangeDecision {}

  /**
   * The reason why a JWT is not exchanged. The audit trail records the reason; callers do not get
   * it.
   */
  enum Reason {
    /** The JWT's audience does not contain Claviger, or contains other audiences too. */
    OTHER_AUDIENCE,
    EXPIRED,
    NOT_YET_VALID,
    NOT_TRUSTED
  }

  /**
   * Decides about a JWT.
   *
   * @param audience Claviger's audience value, which must be the JWT's only audience
   * @param trusts a list of the service account's trusts
   */
  static ExchangeDecision of(
      PresentedJwt jwt, String audience, Collection<Trust> trusts, Instant now) {
    if (jwt.audience().size() != 1 || !jwt.audience().getFirst().equals(audience)) {
      return new Rejected(Reason.OTHER_AUDIENCE);
    }
    if (!jwt.expiresAt().isAfter(now)) {
      return new Rejected(Reason.EXPIRED);
    }
    Instant ahead = now.plus(CLOCK_SKEW);
    if (jwt.notBefore().filter(ahead::isBefore).isPresent()
        || jwt.issuedAt().filter(ahead::isBefore).isPresent()) {
      return new Rejected(Reason.NOT_YET_VALID);
    }
    return trusts.stream()
        .filter(trust -> trust.issuer().issuer().equals(jwt.issuer()))
        .filter(trust -> trust.terms().accept(jwt))
        .min(
            Comparator.comparing((Trust trust) -> trust.terms().maxLifetime())
                .reversed()
                .thenComparing(Trust::name))
        .<ExchangeDecision>map(trust -> new Accepted(trust, end(trust, jwt, now)))
        .orElse(new Rejected(Reason.NOT_TRUSTED));
  }

  private static Instant end(Trust trust, PresentedJwt jwt, Instant now) {
    Instant own = now.plus(trust.terms().maxLifetime());
    return own.isBefore(jwt.expiresAt()) ? own : jwt.expiresAt();
  }
}
