package io.claviger.application.shared;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Limits the number of changes that one user or program can make on this node. The number is
 * limited because each change is written into the audit trail. A user or program may make a certain
 * number of changes in a burst, and further changes at a steady rate. Administrators, and programs
 * that act for an identity provider, may make ten times as many.
 */
final class RecordedChanges {
  static final int AT_ONCE = 10_000;
  static final int PER_MINUTE = 30;
  private static final int TIMES_FOR_ADMINISTRATORS = 10;

  /**
   * The greatest number of users and programs in memory. If there are more, the user or program
   * whose last change is the oldest is removed.
   */
  private static final int MOST = 10_000;

  private final LongSupplier nanos;
  private final int atOnce;
  private final int perMinute;

  /**
   * For each user or program, the time from which on the user or program may again make the full
   * number of changes in a burst.
   */
  private final Map<UUID, Long> restored = new LinkedHashMap<>();

  /**
   * @param nanos a clock such as {@link System#nanoTime}
   * @param atOnce how many changes a user or program may make in a burst
   * @param perMinute how many further changes the user or program may make in each minute
   */
  RecordedChanges(LongSupplier nanos, int atOnce, int perMinute) {
    this.nanos = nanos;
    this.atOnce = atOnce;
    this.perMinute = perMinute;
  }

  /**
   * @param id the id of the user, or of the program's token
   */
  record Changer(UUID id, boolean administers) {
    private int times() {
      return administers ? TIMES_FOR_ADMINISTRATORS : 1;
    }
  }

  /** Returns the refusal of a further change; empty if the change may be made. */
  synchronized Optional<Refusal> refusal(Changer changer) {
    Long known = restored.get(changer.id());
    if (known == null) {
      return Optional.empty();
    }
    long over = known - nanos.getAsLong() - interval(changer) * (most(changer) - 1);
    return over > 0
        ? Optional.of(
            new Refusal.TooMany(
                "too_many_changes",
                "You have changed more than this server records in so short a time. Try again in a"
                    + " while, more slowly. Changes that end access are never limited.",
                Duration.ofNanos(over)))
        : Optional.empty();
  }

  /** Counts a change that was recorded. */
  synchronized void count(Changer changer) {
    long now = nanos.getAsLong();
    Long known = restored.remove(changer.id());
    long left = known == null ? 0 : Math.max(0, known - now);
    long next = Math.min(left + interval(changer), interval(changer) * most(changer));
    restored.put(changer.id(), now + next);
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
