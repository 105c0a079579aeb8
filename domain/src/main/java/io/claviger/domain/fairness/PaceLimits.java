package io.claviger.domain.fairness;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * A provider's limits per minute for an account.
 *
 * @param each the limits, keyed by kind, each 1 to {@link #MOST}; a kind without a limit is absent
 */
public record PaceLimits(Map<PaceLimit, Long> each) {
  public static final PaceLimits NONE = new PaceLimits(Map.of());

  /** The largest limit. */
  public static final long MOST = 1_000_000_000;

  public PaceLimits {
    EnumMap<PaceLimit, Long> copy = new EnumMap<>(PaceLimit.class);
    copy.putAll(each);
    if (copy.values().stream().anyMatch(limit -> limit < 1 || limit > MOST)) {
      throw new IllegalArgumentException("a limit must be 1 to " + MOST);
    }
    each = Collections.unmodifiableMap(copy);
  }

  /**
   * Returns limits that contain, for each kind, the lower of this object's limit and the given
   * limit.
   */
  public PaceLimits and(PaceLimits others) {
    EnumMap<PaceLimit, Long> lower = new EnumMap<>(PaceLimit.class);
    lower.putAll(each);
    others.each.forEach((limit, amount) -> lower.merge(limit, amount, Math::min));
    return new PaceLimits(lower);
  }

  /** Whether a single call uses more than the limits allow in a minute. */
  public boolean areExceededBy(PaceUse call) {
    return each.entrySet().stream().anyMatch(e -> e.getKey().partOf(call) > e.getValue());
  }

  /** Returns a call's use. Input beyond what the limits allow in a minute is left out. */
  public PaceUse withLessInput(PaceUse call) {
    long most =
        Math.min(
            each.getOrDefault(PaceLimit.INPUT_TOKENS_PER_MINUTE, Long.MAX_VALUE),
            each.getOrDefault(PaceLimit.TOKENS_PER_MINUTE, Long.MAX_VALUE) - call.output());
    return call.input() <= most
        ? call
        : new PaceUse(call.calls(), Math.max(0, most), call.output());
  }

  /** Returns the number of minutes in which the scarcest limit allows the given use. */
  public double minutesOf(PaceUse use) {
    double most = 0;
    for (Map.Entry<PaceLimit, Long> limit : each.entrySet()) {
      double minutes = limit.getKey().partOf(use) / (double) limit.getValue();
      most = Math.abs(minutes) > Math.abs(most) ? minutes : most;
    }
    return most;
  }
}
