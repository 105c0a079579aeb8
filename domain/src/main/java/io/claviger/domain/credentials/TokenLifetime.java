package io.claviger.domain.credentials;

import java.time.Duration;
import java.util.Optional;

/**
 * The time for which a minted token is used. The time is measured from the request for the token,
 * so that a wrong clock of the provider or of this node does not matter.
 *
 * @param stated the lifetime that the token server's answer states
 */
public record TokenLifetime(Duration stated) {
  /** Tokens with a longer lifetime than this are not used, because they would be worth stealing. */
  private static final Duration LONGEST = Duration.ofHours(24);

  /**
   * If the lifetime is shorter than this bound, the token is not used in the last third of its
   * lifetime. A call with the token might otherwise reach the provider only after the token has
   * expired.
   */
  private static final Duration SHORT = Duration.ofSeconds(30);

  /** Returns the reason why a token with this lifetime is not used; empty if the token is used. */
  public Optional<String> fault() {
    return fault(Duration.ZERO);
  }

  /**
   * Returns the reason why a token with this lifetime and the given age is not used; empty if the
   * token is used.
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
   * Returns the age at which a token is replaced if the service has been called since the token was
   * minted. Without calls, the token is not replaced.
   */
  public Duration renewAfter() {
    return stated.multipliedBy(2).dividedBy(3);
  }

  /** Returns the age up to which calls may use the token. */
  public Duration usableFor() {
    return stated.compareTo(SHORT) < 0 ? renewAfter() : stated;
  }
}
