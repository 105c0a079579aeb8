package io.claviger.domain.trusts;

import io.claviger.domain.InvalidValue;
import java.time.Duration;

/**
 * What a trust asks of a token, and how long an access token that is made for it lasts at most: 1
 * to 60 minutes.
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

  /** Whether access tokens may last as long as that. */
  public static boolean isLifetime(Duration lifetime) {
    return lifetime.compareTo(SHORTEST) >= 0 && lifetime.compareTo(LONGEST) <= 0;
  }

  /**
   * Whether these terms accept tokens of somebody in particular: the subject names an owner, or a
   * claim has to be there as well. Others accept nothing, because which issuers are public is not
   * known.
   */
  public boolean nameSomebody() {
    return subject.namesOwner() || !claims.values().isEmpty();
  }

  boolean accept(PresentedJwt jwt) {
    return nameSomebody() && subject.accepts(jwt.subject()) && claims.areIn(jwt.claims());
  }
}
