package io.claviger.domain.trusts;

import io.claviger.domain.InvalidValue;
import java.time.Duration;

/**
 * A trust's requirements for a JWT, and the maximum lifetime of access tokens that are issued for
 * such a JWT: 1 to 60 minutes.
 */
public record TrustTerms(SubjectPattern subject, RequiredClaims claims, Duration maxLifetime) {
  public static final Duration LONGEST = Duration.ofHours(1);
  public static final String LIFETIMES = "60 to 3600 seconds";
  private static final Duration SHORTEST = Duration.ofMinutes(1);

  public TrustTerms {
    if (!isLifetime(maxLifetime)) {
      throw new InvalidValue("max_lifetime", LIFETIMES);
    }
  }

  /** Whether this is an allowed lifetime of access tokens. */
  public static boolean isLifetime(Duration lifetime) {
    return lifetime.compareTo(SHORTEST) >= 0 && lifetime.compareTo(LONGEST) <= 0;
  }

  /**
   * Whether these terms accept only JWTs of a particular owner. Terms do so if their subject names
   * an owner, or if they require a further claim. Other terms are refused, because anybody could
   * get an accepted JWT from a public issuer, and Claviger does not know which issuers are public.
   */
  public boolean nameSomebody() {
    return subject.namesOwner() || !claims.values().isEmpty();
  }

  boolean accept(PresentedJwt jwt) {
    return nameSomebody() && subject.accepts(jwt.subject()) && claims.areIn(jwt.claims());
  }
}
