package io.claviger.application.retention;

import io.claviger.application.health.SharedTime;
import io.claviger.application.retention.port.MonthPartitions;
import io.claviger.application.retention.port.MonthPartitions.KeptByMonth;
import io.claviger.application.retention.port.MonthPartitions.RemovedMonths;
import io.claviger.application.retention.port.RetentionPolicyStore;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.domain.retention.RetentionMonths;
import io.claviger.domain.retention.RetentionPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Removes usage and audit events that are older than the retention times that the operator and the
 * administrators have set. Only whole months are removed. An audit event records the removed
 * months.
 */
public final class Retention {
  private static final int SUMS_AT_ONCE = 32;
  private static final int BILLS_AT_ONCE = 200;
  private static final int ROWS_AT_ONCE = 5_000;

  private final MonthPartitions partitions;
  private final RetentionPolicyStore policies;
  private final Transactions transactions;
  private final AuditTrail trail;
  private final Ids ids;
  private final InstantSource clock;

  /**
   * Creates an instance. All given ports must use database connections of the role that owns the
   * tables.
   *
   * @param ids the generator of the ids of audit events
   * @param clock this node's own clock
   */
  public Retention(
      MonthPartitions partitions,
      RetentionPolicyStore policies,
      Transactions transactions,
      AuditTrail trail,
      Ids ids,
      InstantSource clock) {
    this.partitions = partitions;
    this.policies = policies;
    this.transactions = transactions;
    this.trail = trail;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Removes the months that are too old by the database's clock as well as by this node's clock.
   * During the removal, administrators can't change the retention policy.
   *
   * @param bounds the operator's maximum retention times for usage and audit events; they apply
   *     even if administrators have set longer times
   * @return the removed months
   * @throws io.claviger.application.shared.ConcurrencyConflict if other transactions used the
   *     tables for too long; the caller can try again later
   * @throws IllegalStateException if one of the clocks must be wrong; in this case, nothing was
   *     removed
   */
  public List<RemovedMonths> remove(KeptByMonth what, RetentionPolicy bounds) {
    Removal removal = transactions.inTransaction(() -> removeHolding(what, bounds));
    removal.before().ifPresent(before -> removeRest(what, before));
    return removal.removed();
  }

  /**
   * @param before the first day whose data are kept; empty if all data are kept
   */
  private record Removal(Optional<LocalDate> before, List<RemovedMonths> removed) {}

  private Removal removeHolding(KeptByMonth what, RetentionPolicy bounds) {
    RetentionPolicy kept = policies.hold().policy().within(bounds);
    Optional<RetentionMonths> months =
        switch (what) {
          case USAGE -> kept.usage();
          case AUDIT -> kept.audit();
        };
    if (months.isEmpty()) {
      return new Removal(Optional.empty(), List.of());
    }
    Instant now = now();
    LocalDate before = months.get().firstKept(now);
    return new Removal(Optional.of(before), remove(what, before, now));
  }

  /**
   * Returns the earlier time of the two clocks. Data that are removed because of a wrong clock are
   * lost. So nothing is removed if the clocks differ by more than {@link SharedTime#MOST}.
   */
  private Instant now() {
    Instant there = partitions.now();
    Instant here = clock.instant();
    if (Duration.between(here, there).abs().compareTo(SharedTime.MOST) > 0) {
      throw new IllegalStateException(
          "nothing is removed, because one of two clocks is wrong: the database's clock shows %s,"
                  .formatted(there)
              + " and this node's clock shows %s".formatted(here));
    }
    return there.isBefore(here) ? there : here;
  }

  /** Removes the sums and records that belong to the removed months. */
  private void removeRest(KeptByMonth what, LocalDate before) {
    switch (what) {
      case USAGE -> {
        untilNoneIsLeft(() -> partitions.removeSums(before, SUMS_AT_ONCE));
        untilNoneIsLeft(() -> partitions.removeRefused(before, ROWS_AT_ONCE));
        untilNoneIsLeft(() -> partitions.removeBills(before, BILLS_AT_ONCE));
      }
      case AUDIT -> untilNoneIsLeft(() -> partitions.removeAccess(before, ROWS_AT_ONCE));
    }
  }

  private static void untilNoneIsLeft(IntSupplier removal) {
    while (removal.getAsInt() > 0) {
      // Something was removed, so there might be more to remove.
    }
  }

  private List<RemovedMonths> remove(KeptByMonth what, LocalDate before, Instant now) {
    List<RemovedMonths> removed = partitions.remove(what, before);
    for (RemovedMonths months : removed) {
      trail.record(event(what, months, now));
    }
    return removed;
  }

  private AuditEvent event(KeptByMonth what, RemovedMonths months, Instant now) {
    return switch (what) {
      case USAGE -> event(AuditAction.USAGE_DELETE, "usage", months, now);
      case AUDIT -> event(AuditAction.AUDIT_DELETE, "audit", months, now);
    };
  }

  private AuditEvent event(AuditAction action, String type, RemovedMonths months, Instant now) {
    return AuditEvent.withoutActor(
        ids.next(),
        now,
        AuditEvent.UPKEEP,
        "",
        action,
        new AuditTarget(type, Optional.empty(), months.name(), Optional.empty()),
        AuditOutcome.DONE,
        List.of());
  }
}
