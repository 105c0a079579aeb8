package io.claviger.application.health;

import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StoreUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Remembers whether this node could serve at the last check, and the difference between its clock
 * and the database's clock at that time.
 */
public final class NodeHealth {
  /**
   * The maximum time of a query for the database's clock. If the answer takes longer, the clock's
   * offset can't be measured.
   */
  private static final Duration SLOW = Duration.ofSeconds(1);

  private final Readiness readiness;
  private final Supplier<Instant> database;
  private final InstantSource clock;
  private volatile List<Readiness.ReadinessCheck> checks = List.of();
  private volatile Optional<Duration> offset = Optional.empty();

  /**
   * @param database the function that returns the time of the database's clock
   */
  public NodeHealth(Readiness readiness, Supplier<Instant> database, InstantSource clock) {
    this.readiness = readiness;
    this.database = database;
    this.clock = clock;
  }

  /**
   * Runs the checks and compares the clocks. If the database does not answer or answers slowly, the
   * last known clock offset is kept.
   */
  public void look() {
    checks = List.copyOf(readiness.checks());
    try {
      Instant before = clock.instant();
      Instant there = database.get();
      Duration asked = Duration.between(before, clock.instant());
      if (offset.isEmpty() || asked.compareTo(SLOW) <= 0) {
        offset = Optional.of(Duration.between(before.plus(asked.dividedBy(2)), there));
      }
    } catch (StoreUnavailable | QueryTimeout e) {
      // The failure is ignored, because the readiness check of the database reports it.
    }
  }

  /** Returns whether the last run of a check succeeded; empty if the check has not run yet. */
  public Optional<Boolean> isOk(String check) {
    return checks.stream()
        .filter(each -> each.name().equals(check))
        .map(Readiness.ReadinessCheck::ok)
        .findFirst();
  }

  /**
   * Returns how far the database's clock is ahead of this node's clock. The result is negative if
   * the database's clock is behind. The result is empty if the difference is unknown.
   */
  public Optional<Duration> clockOffset() {
    return offset;
  }
}
