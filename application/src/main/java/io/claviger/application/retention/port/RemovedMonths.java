package io.claviger.application.retention.port;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Optional;

/**
 * Months (UTC) that were removed.
 *
 * @param from the first day; empty for everything before {@code until}
 * @param until the first day that is not among them
 */
public record RemovedMonths(Optional<LocalDate> from, LocalDate until) {
  /**
   * Returns the name of these months in the audit trail: {@code 2026-11}, or {@code before
   * 2026-11}.
   */
  public String name() {
    return from.map(day -> YearMonth.from(day).toString())
        .orElseGet(() -> "before " + YearMonth.from(until));
  }
}
