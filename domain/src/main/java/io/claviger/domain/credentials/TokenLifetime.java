package io.claviger.domain.credentials;

import java.time.Duration;
import java.util.Optional;

/**
 * For how long a minted token is used. This time is measured from the request for the token, so
 * that a wrong clock of the provider or of this node does not matter.
 *
 * @param stated the lifetime that the token server's answer states
 */
public record TokenLifetime(Duration stated) {
  /**
   * A token whose lifetime is longer than this is not used. A longer lifetime would make the token
   * worth stealing.
   */
  private static final Duration LONGEST = Duration.ofHours(24);

  /**
   * If the lifetime of a token is shorter than this, the token is not used in the last third of the
   * lifetime, because a call might reach the provider too late.
   */
  private static final Duration SHORT = Duration.ofSeconds(30);

  /** The reason why a token with this lifetime is not used; empty if the token is used. */
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

  /**
   * The time from the minting of the token to its replacement, if its service was called in the
   * meantime.
   */
  public Duration renewAfter() {
    return stated.multipliedBy(2).dividedBy(3);
  }

  /** Returns for how long calls are sent with the token. */
  public Duration usableFor() {
    return stated.compareTo(SHORT) < 0 ? renewAfter() : stated;
  }
}
