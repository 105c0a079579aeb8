package io.claviger.application.retention.port;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;

/**
 * The partitions of usage and of the audit trail, one for each month (UTC). Rows of months without
 * a partition are stored in one default partition.
 */
public interface MonthPartitions {
  /**
   * Creates the partitions of this month and the next three months, if they are missing. Several
   * nodes may create partitions at the same time.
   *
   * @return how many partitions were made
   * @throws io.claviger.application.shared.ConcurrencyConflict when other transactions used the
   *     tables for too long
   */
  int makeAhead();

  /**
   * Updates the database's statistics about the partitioned tables as a whole, unless they were
   * updated in the last seven days.
   *
   * @throws io.claviger.application.shared.ConcurrencyConflict for the same reason as in {@link
   *     #makeAhead}
   */
  void describe();

  /** Returns the time by the clock of the database. */
  Instant now();

  /**
   * Removes the partitions whose rows all belong to days before the given day. Only the owner of
   * the tables can remove partitions. The sums, counts and records of the removed months stay until
   * {@link #removeSums}, {@link #removeRefused}, {@link #removeBills} and {@link #removeAccess}
   * remove them.
   *
   * @return the removed months, the oldest first
   * @throws io.claviger.application.shared.ConcurrencyConflict for the same reason as in {@link
   *     #makeAhead}; in that case, nothing was removed
   */
  List<RemovedMonths> remove(KeptByMonth what, LocalDate before);

  /**
   * Removes the sums of usage for days and months before a day. A sum is removed only if no line of
   * its usage or of earlier usage is left.
   *
   * @param most the greatest number of days and months removed
   * @return how many days and months were removed
   */
  int removeSums(LocalDate before, int most);

  /**
   * Removes the counts of refused calls of days before a day.
   *
   * @return how many counts were removed
   */
  int removeRefused(LocalDate before, int most);

  /**
   * Removes the records of who could use which service, if the access ended before a day.
   * Afterwards, these records are complete only from that day on.
   *
   * @return how many rows were removed
   */
  int removeAccess(LocalDate before, int most);

  /**
   * Removes the provider's billing data for days and months before a day: billed amounts that were
   * read from providers, invoices, and amounts that usage does not explain.
   *
   * @param before the first day of a month
   * @param most the greatest number of rows that are removed for each of these kinds of data
   * @return how many rows were removed
   */
  int removeBills(LocalDate before, int most);

  /** The kinds of data that are stored by month and can be removed by month. */
  enum KeptByMonth {
    USAGE,
    AUDIT
  }

  /**
   * Months (UTC) that were removed.
   *
   * @param from the first day of the months; empty for all months before {@code until}
   * @param until the first day after the months
   */
  record RemovedMonths(Optional<LocalDate> from, LocalDate until) {
    /**
     * Returns the name of these months in the audit trail: {@code 2026-11}, or {@code before
     * 2026-11}.
     */
    public String name() {
      return from.map(day -> YearMonth.from(day).toString())
          .orElseGet(() -> "before " + YearMonth.from(until));
    }
  }
}
