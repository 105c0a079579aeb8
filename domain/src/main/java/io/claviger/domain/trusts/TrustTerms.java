package io.claviger.domain.trusts;

import io.claviger.domain.InvalidValue;
import java.time.Duration;

/**
 * What a trust asks of a token, and how long an access token that is made for it lasts at most: 1
 * to 60 minutes.
 */
public record TrustTerms(SubjectPattern subject, RequiredClaims claims, Duration maxLifetime) {
  public static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration SHORTEST = Duration.ofMinutes(1);

  public TrustTerms {
    if (maxLifetime.compareTo(SHORTEST) < 0 || maxLifetime.compareTo(LONGEST) > 0) {
      throw new InvalidValue("max_lifetime", "60 to 3600 seconds");
    }
  }

  boolean accept(PresentedJwt jwt) {
    return subject.accepts(jwt.subject()) && claims.areIn(jwt.claims());
  }
}
