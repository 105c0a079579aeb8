package io.claviger.application.health;

import io.claviger.application.shared.StoreUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Remembers two results of the last check: whether this node could serve, and by how much its clock
 * differed from the clock of the database.
 */
public final class NodeHealth {
  private final Readiness readiness;
  private final Supplier<Instant> database;
  private final InstantSource clock;
  private volatile List<Readiness.ReadinessCheck> checks = List.of();
  private volatile Optional<Duration> offset = Optional.empty();

  /**
   * @param database returns the time by the clock of the database
   */
  public NodeHealth(Readiness readiness, Supplier<Instant> database, InstantSource clock) {
    this.readiness = readiness;
    this.database = database;
    this.clock = clock;
  }

  /**
   * Runs the checks and compares the clocks. While the database does not answer, the offset of the
   * clock keeps its last known value.
   */
  public void look() {
    checks = List.copyOf(readiness.checks());
    try {
      Instant before = clock.instant();
      Instant there = database.get();
      Duration asked = Duration.between(before, clock.instant());
      offset = Optional.of(Duration.between(before.plus(asked.dividedBy(2)), there));
    } catch (StoreUnavailable e) {
      // The readiness check of the database reports this failure.
    }
  }

  /** Returns whether a check succeeded the last time it ran; empty if it has not run yet. */
  public Optional<Boolean> isOk(String check) {
    return checks.stream()
        .filter(each -> each.name().equals(check))
        .map(Readiness.ReadinessCheck::ok)
        .findFirst();
  }

  /**
   * Returns by how much the clock of the database is ahead of this node's clock. The result is
   * negative if the database's clock is behind, and empty if the difference is not known.
   */
  public Optional<Duration> clockOffset() {
    return offset;
  }
}
