package io.claviger.domain.credentials;

import java.time.Duration;
import java.util.Optional;

/**
 * The time for which a minted token is used. The time counts from the request for the token, so
 * wrong clocks of the provider or of this node do not matter.
 *
 * @param stated the lifetime that the token server's answer states
 */
public record TokenLifetime(Duration stated) {
  /**
   * The longest lifetime of a token that is used. A token with a longer lifetime would be worth
   * stealing.
   */
  private static final Duration LONGEST = Duration.ofHours(24);

  /**
   * If the lifetime is shorter than this bound, the token is not used in the last third of its
   * lifetime, because a call might reach the provider too late.
   */
  private static final Duration SHORT = Duration.ofSeconds(30);

  /** The reason why a token with this lifetime is not used; empty if the token is used. */
  public Optional<String> fault() {
    return fault(Duration.ZERO);
  }

  /**
   * The reason why a token with this lifetime is not used; empty if the token is used.
   *
   * @param age the time since the token was requested
   */
  public Optional<String> fault(Duration age) {
    if (usableFor().compareTo(age) <= 0) {
      return Optional.of(
          "The token had already expired when it arrived. Check the lifetime that the token"
              + " server sets.");
    }
    return stated.compareTo(LONGEST) > 0
        ? Optional.of(
            "The token lasts %,d hours, but at most %d are accepted. Set a shorter lifetime."
                .formatted(stated.toHours(), LONGEST.toHours()))
        : Optional.empty();
  }

  /**
   * Returns the age at which a token is replaced, if the service has been called since the token
   * was minted.
   */
  public Duration renewAfter() {
    return stated.multipliedBy(2).dividedBy(3);
  }

  /** Returns how long calls may use the token. */
  public Duration usableFor() {
    return stated.compareTo(SHORT) < 0 ? renewAfter() : stated;
  }
}
