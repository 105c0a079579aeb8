package io.claviger.application.bills.port;

import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.bills.ProviderFigures;
import io.claviger.domain.instances.Instance;
import java.time.LocalDate;

/** Asks providers what was used and what it cost, with the billing credentials of services. */
public interface ProviderBilling {
  /** The most days of one reading. */
  int MOST_DAYS = 31;

  /**
   * Reads the figures of some days, within the scope of the service's billing credential. It
   * blocks, for {@link #MOST_SECONDS} at most, and never throws because of what the provider does.
   *
   * @param from the first day of UTC
   * @param to the last one; at most {@link #MOST_DAYS} days in all
   */
  Reading read(Instance.Id service, LocalDate from, LocalDate to);

  /** The longest time of one reading. */
  int MOST_SECONDS = 120;

  /** What came of a reading. */
  sealed interface Reading {
    /** The provider stated its figures. */
    record Read(ProviderFigures figures) implements Reading {}

    /** They could not be read. */
    record Failed(BillingFailure why) implements Reading {}
  }
}
