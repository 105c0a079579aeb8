package io.claviger.domain.fairness;

import java.util.OptionalInt;

/**
 * What a provider allows an account.
 *
 * @param perMinute what it allows in a minute
 * @param concurrentCalls how many calls it allows at a time, 1 to {@value #MOST_CALLS}
 */
public record ProviderLimits(PaceLimits perMinute, OptionalInt concurrentCalls) {
  public static final ProviderLimits NONE =
      new ProviderLimits(PaceLimits.NONE, OptionalInt.empty());

  /** The most calls at a time that can be stated. */
  public static final int MOST_CALLS = 100_000;

  public ProviderLimits {
    if (concurrentCalls.isPresent()
        && (concurrentCalls.getAsInt() < 1 || concurrentCalls.getAsInt() > MOST_CALLS)) {
      throw new IllegalArgumentException("calls at a time are 1 to " + MOST_CALLS);
    }
  }

  public boolean isNone() {
    return equals(NONE);
  }

  /** Whether nothing is allowed beyond what others allow. */
  public boolean areWithin(ProviderLimits others) {
    return and(others).equals(this);
  }

  /** Returns the lower one of both for each limit. */
  public ProviderLimits and(ProviderLimits others) {
    OptionalInt calls =
        concurrentCalls.isEmpty() || others.concurrentCalls.isEmpty()
            ? (concurrentCalls.isPresent() ? concurrentCalls : others.concurrentCalls)
            : OptionalInt.of(
                Math.min(concurrentCalls.getAsInt(), others.concurrentCalls.getAsInt()));
    return new ProviderLimits(perMinute.and(others.perMinute), calls);
  }
}
