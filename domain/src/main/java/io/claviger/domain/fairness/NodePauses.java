package io.claviger.domain.fairness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The limits that, as this node knows, are used up for some time. This class is not thread-safe.
 */
final class NodePauses {
  private final EnumMap<PaceLimit, Long> until = new EnumMap<>(PaceLimit.class);
  private long allUntil = Long.MIN_VALUE;

  /** The ends of those pauses that this node has not told the account yet. */
  private final EnumMap<PaceLimit, Long> unsettled = new EnumMap<>(PaceLimit.class);

  private long allUnsettled = Long.MIN_VALUE;

  void add(PaceRefusal refusal, long now) {
    long end = now + refusal.pause().toMillis();
    if (refusal.limit().isPresent()) {
      until.merge(refusal.limit().get(), end, Math::max);
      unsettled.merge(refusal.limit().get(), end, Math::max);
    } else {
      allUntil = Math.max(allUntil, end);
      allUnsettled = Math.max(allUnsettled, end);
    }
  }

  boolean concern(PaceUse use, long now) {
    if (now < allUntil) {
      return true;
    }
    for (Map.Entry<PaceLimit, Long> limit : until.entrySet()) {
      if (now < limit.getValue() && limit.getKey().partOf(use) > 0) {
        return true;
      }
    }
    return false;
  }

  /** Returns the number of milliseconds until the longest pause ends; 0 if there is no pause. */
  long longest(long now) {
    long latest = Math.max(now, allUntil);
    for (long end : until.values()) {
      latest = Math.max(latest, end);
    }
    return latest - now;
  }

  /**
   * Returns the pauses that this node has not told the account yet, each with its remaining time.
   */
  List<PaceRefusal> state(long now) {
    List<PaceRefusal> refusals = new ArrayList<>();
    unsettled.forEach(
        (limit, end) -> {
          if (end > now) {
            refusals.add(new PaceRefusal(Optional.of(limit), Duration.ofMillis(end - now)));
          }
        });
    if (allUnsettled > now) {
      refusals.add(new PaceRefusal(Optional.empty(), Duration.ofMillis(allUnsettled - now)));
    }
    return refusals;
  }

  /**
   * @param began the time at which this node made the statement that the grant answers
   */
  void apply(CapacityGrant grant, long began) {
    grant.pauses().forEach((limit, millis) -> until.merge(limit, began + millis, Math::max));
    if (grant.pause() > 0) {
      allUntil = Math.max(allUntil, began + grant.pause());
    }
    unsettled
        .entrySet()
        .removeIf(
            pause -> pause.getValue() <= began + grant.pauses().getOrDefault(pause.getKey(), 0L));
    if (allUnsettled <= began + grant.pause()) {
      allUnsettled = Long.MIN_VALUE;
    }
  }
}
