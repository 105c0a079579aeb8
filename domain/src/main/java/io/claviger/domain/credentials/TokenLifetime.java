package io.claviger.domain.credentials;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a minted token is used. It counts from the moment at which the token was asked for, so
 * that a wrong clock on either side changes nothing.
 *
 * @param stated what the answer says
 */
public record TokenLifetime(Duration stated) {
  /** A token that lives longer is worth stealing, and is not used at all. */
  private static final Duration LONGEST = Duration.ofHours(24);

  /** The last third of a token that lives for less is too short for a call to arrive. */
  private static final Duration SHORT = Duration.ofSeconds(30);

  /** Why a token with this lifetime is not used; empty if it is. */
  public Optional<String> fault() {
    if (!stated.isPositive()) {
      return Optional.of(
          "The token had already expired when it arrived. Check the lifetime of tokens there.");
    }
    return stated.compareTo(LONGEST) > 0
        ? Optional.of(
            "The token would live for %,d hours. At most %d are accepted: set a shorter lifetime there."
                .formatted(stated.toHours(), LONGEST.toHours()))
        : Optional.empty();
  }

  /** When the token is replaced if its service was called since it was minted. */
  public Duration renewAfter() {
    return stated.multipliedBy(2).dividedBy(3);
  }

  /** For how long calls are sent with the token. */
  public Duration usableFor() {
    return stated.compareTo(SHORT) < 0 ? renewAfter() : stated;
  }
}
