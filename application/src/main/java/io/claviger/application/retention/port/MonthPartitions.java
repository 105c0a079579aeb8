package io.claviger.application.retention.port;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;

/**
 * The monthly partitions (UTC) of usage and of the audit trail. Rows of other months are stored in
 * a default partition.
 */
public interface MonthPartitions {
  /**
   * Creates the partitions of the present month and the next three months if they are missing.
   * Several nodes can create partitions at the same time.
   *
   * @return the number of created partitions
   * @throws io.claviger.application.shared.ConcurrencyConflict if other transactions used the
   *     tables for too long
   */
  int makeAhead();

  /**
   * Updates the database's statistics about each partitioned table as a whole, at most every seven
   * days.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict if other transactions used the
   *     tables for too long
   */
  void describe();

  /** Returns the time of the database's clock. */
  Instant now();

  /**
   * Removes the partitions that contain only days before the given day. Only the owner of the
   * tables may remove partitions. The sums, counts and records of the removed months remain. The
   * sums, counts and records are removed by {@link #removeSums}, {@link #removeRefused}, {@link
   * #removeBills} and {@link #removeAccess}.
   *
   * @return the removed months, the oldest first
   * @throws io.claviger.application.shared.ConcurrencyConflict if other transactions used the
   *     tables for too long; in this case, nothing was removed
   */
  List<RemovedMonths> remove(KeptByMonth what, LocalDate before);

  /**
   * Removes the usage sums of days and months before the given day. The sum of a period is removed
   * only if no usage of this period or of an earlier period is stored any more.
   *
   * @param most the maximum number of days and months to remove
   * @return the number of removed days and months
   */
  int removeSums(LocalDate before, int most);

  /**
   * Removes the counts of the calls that were refused before the given day.
   *
   * @return the number of removed counts
   */
  int removeRefused(LocalDate before, int most);

  /**
   * Each record of access states who could use which service. Removes the records of access that
   * ended before the given day. After the removal, the records are complete only from this day on.
   *
   * @return the number of removed rows
   */
  int removeAccess(LocalDate before, int most);

  /**
   * Removes the billing data of days and months before a day. Billing data are amounts that were
   * read from providers, invoices, and amounts that usage does not explain.
   *
   * @param before the first day whose billing data are kept; it must be the first day of a month
   * @param most the maximum number of rows of each kind that are removed
   * @return the number of removed rows
   */
  int removeBills(LocalDate before, int most);

  /** The kinds of data that are removed by month. */
  enum KeptByMonth {
    USAGE,
    AUDIT
  }

  /**
   * A period of removed months (UTC).
   *
   * @param from the first day of the period; if empty, the period is all the time before {@code
   *     until}
   * @param until the first day after the period
   */
  record RemovedMonths(Optional<LocalDate> from, LocalDate until) {
    /**
     * Returns the name of the period in the audit trail, such as {@code 2026-11} or {@code before
     * 2026-11}.
     */
    public String name() {
      return from.map(day -> YearMonth.from(day).toString())
          .orElseGet(() -> "before " + YearMonth.from(until));
    }
  }
}
