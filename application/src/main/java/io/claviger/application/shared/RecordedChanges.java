package io.claviger.application.shared;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Limits how many changes a user or program can make on this node. The limit exists because each
 * change is written to the audit trail. A user or program may make a certain number of changes in a
 * burst, and then continue at a steady rate. For administrators, and for programs that act for an
 * identity provider, the size of the burst and the rate are ten times as large. Sign-ins are
 * limited separately from the user's changes.
 */
final class RecordedChanges {
  static final int AT_ONCE = 10_000;
  static final int PER_MINUTE = 30;
  private static final int TIMES_FOR_ADMINISTRATORS = 10;

  /**
   * The maximum number of users and programs in memory. A user who signs in counts twice. When
   * there are this many, a new user or program replaces the one whose last change was the longest
   * time ago.
   */
  private static final int MOST = 10_000;

  private final LongSupplier nanos;
  private final int atOnce;
  private final int perMinute;

  /**
   * Maps each user or program to the time from which a full burst of changes is permitted again.
   */
  private final Map<Limited, Long> restored = new LinkedHashMap<>();

  /**
   * @param nanos a clock such as {@link System#nanoTime}
   * @param atOnce the number of changes that a user or program may make in a burst
   * @param perMinute the number of further changes that the user or program may make per minute
   */
  RecordedChanges(LongSupplier nanos, int atOnce, int perMinute) {
    this.nanos = nanos;
    this.atOnce = atOnce;
    this.perMinute = perMinute;
  }

  /**
   * @param id the id of the user or of the program's token
   * @param signsIn whether the sign-ins of the user are limited, and not the other changes
   */
  record Limited(UUID id, boolean signsIn) {}

  record Changer(Limited limited, boolean administers) {
    private int times() {
      return administers ? TIMES_FOR_ADMINISTRATORS : 1;
    }
  }

  /**
   * Returns the refusal if one more change is not permitted now; empty if the change is permitted.
   */
  synchronized Optional<Refusal> refusal(Changer changer) {
    Long known = restored.get(changer.limited());
    if (known == null) {
      return Optional.empty();
    }
    long over = known - nanos.getAsLong() - interval(changer) * (most(changer) - 1);
    return over > 0
        ? Optional.of(
            new Refusal.TooMany(
                "too_many_changes",
                changer.limited().signsIn()
                    ? "You have signed in too often in a short time. Try again later."
                    : "You have made too many changes in a short time. Try again later, and more"
                        + " slowly. Changes that end access are not limited.",
                Duration.ofNanos(over)))
        : Optional.empty();
  }

  /** Counts a change that the audit trail has recorded. */
  synchronized void count(Changer changer) {
    long now = nanos.getAsLong();
    Long known = restored.remove(changer.limited());
    long left = known == null ? 0 : Math.max(0, known - now);
    long next = Math.min(left + interval(changer), interval(changer) * most(changer));
    restored.put(changer.limited(), now + next);
    if (restored.size() > MOST) {
      restored.remove(restored.keySet().iterator().next());
    }
  }

  private long most(Changer changer) {
    return (long) atOnce * changer.times();
  }

  private long interval(Changer changer) {
    return Duration.ofMinutes(1).toNanos() / ((long) perMinute * changer.times());
  }
}
