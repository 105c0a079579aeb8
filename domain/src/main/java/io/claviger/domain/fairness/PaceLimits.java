package io.claviger.domain.fairness;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a provider allows an account in a minute.
 *
 * @param each the limits that there are, 1 to {@value #MOST}
 */
public record PaceLimits(Map<PaceLimit, Long> each) {
  public static final PaceLimits NONE = new PaceLimits(Map.of());

  /** The largest limit. */
  public static final long MOST = 1_000_000_000;

  public PaceLimits {
    EnumMap<PaceLimit, Long> copy = new EnumMap<>(PaceLimit.class);
    copy.putAll(each);
    if (copy.values().stream().anyMatch(limit -> limit < 1 || limit > MOST)) {
      throw new IllegalArgumentException("a limit is 1 to " + MOST);
    }
    each = Collections.unmodifiableMap(copy);
  }

  /** Returns the lower one of both for each limit. */
  public PaceLimits and(PaceLimits others) {
    EnumMap<PaceLimit, Long> lower = new EnumMap<>(PaceLimit.class);
    lower.putAll(each);
    others.each.forEach((limit, amount) -> lower.merge(limit, amount, Math::min));
    return new PaceLimits(lower);
  }

  /** Whether one call alone uses more than is allowed in a minute. */
  public boolean areExceededBy(PaceUse call) {
    return each.entrySet().stream().anyMatch(e -> e.getKey().partOf(call) > e.getValue());
  }

  /** Returns a use of one call with no more input than is allowed in a minute. */
  public PaceUse withLessInput(PaceUse call) {
    long most =
        Math.min(
            each.getOrDefault(PaceLimit.INPUT_TOKENS_PER_MINUTE, Long.MAX_VALUE),
            each.getOrDefault(PaceLimit.TOKENS_PER_MINUTE, Long.MAX_VALUE) - call.output());
    return call.input() <= most
        ? call
        : new PaceUse(call.calls(), Math.max(0, most), call.output());
  }

  /** How many minutes of the scarcest limit a use takes. */
  public double minutesOf(PaceUse use) {
    double most = 0;
    for (Map.Entry<PaceLimit, Long> limit : each.entrySet()) {
      double minutes = limit.getKey().partOf(use) / (double) limit.getValue();
      most = Math.abs(minutes) > Math.abs(most) ? minutes : most;
    }
    return most;
  }
}
