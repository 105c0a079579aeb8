package io.claviger.domain.fairness;

import java.util.OptionalInt;

/**
 * A provider's limits for an account.
 *
 * @param perMinute the limits per minute
 * @param concurrentCalls the maximum number of calls that the provider allows at a time, 1 to
 *     {@value #MOST_CALLS}
 */
public record ProviderLimits(PaceLimits perMinute, OptionalInt concurrentCalls) {
  public static final ProviderLimits NONE =
      new ProviderLimits(PaceLimits.NONE, OptionalInt.empty());

  /** The maximum number of concurrent calls that can be stated. */
  public static final int MOST_CALLS = 100_000;

  public ProviderLimits {
    if (concurrentCalls.isPresent()
        && (concurrentCalls.getAsInt() < 1 || concurrentCalls.getAsInt() > MOST_CALLS)) {
      throw new IllegalArgumentException(
          "the number of concurrent calls must be 1 to " + MOST_CALLS);
    }
  }

  public boolean isNone() {
    return equals(NONE);
  }

  /**
   * Whether one of these limits depends on the duration of calls or on the tokens of answers. If
   * none of them does, the limits only count requests.
   */
  public boolean countWork() {
    return concurrentCalls.isPresent()
        || perMinute.each().keySet().stream()
            .anyMatch(limit -> limit != PaceLimit.REQUESTS_PER_MINUTE);
  }

  /**
   * Whether each of these limits allows at most as much as the limit of the same kind in {@code
   * others}.
   */
  public boolean areWithin(ProviderLimits others) {
    return and(others).equals(this);
  }

  /**
   * Returns limits that contain, for each kind, the lower of this object's limit and the given
   * limit.
   */
  public ProviderLimits and(ProviderLimits others) {
    OptionalInt calls =
        concurrentCalls.isEmpty() || others.concurrentCalls.isEmpty()
            ? (concurrentCalls.isPresent() ? concurrentCalls : others.concurrentCalls)
            : OptionalInt.of(
                Math.min(concurrentCalls.getAsInt(), others.concurrentCalls.getAsInt()));
    return new ProviderLimits(perMinute.and(others.perMinute), calls);
  }
}
