package io.claviger.application.bills.port;

import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.bills.ProviderFigures;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Reads from providers how much was used and how much it cost, with the billing credentials of
 * services.
 */
public interface ProviderBilling {
  /** The greatest number of days that one reading covers. */
  int MOST_DAYS = 31;

  /**
   * Reads the figures of some days, within the scope of the service's billing credential. The
   * method blocks. If the provider fails or gives a wrong answer, the method returns a {@link
   * Reading.Failed} and throws no exception.
   *
   * @param account a service and its owner; if somebody else owns the service now, the service is
   *     treated as if it had no credential
   * @param from the first day (UTC)
   * @param to the last day that is read; at most {@link #MOST_DAYS} days in all
   * @param limit how long the reading may take
   */
  Reading read(Account account, LocalDate from, LocalDate to, Duration limit);

  /** The longest time that one reading may take. */
  int MOST_SECONDS = 120;

  /** The longest time that a reading may take while a user waits for it. */
  Duration LONGEST_REQUESTED = Duration.ofSeconds(30);

  /** The result of a reading. */
  sealed interface Reading {
    /**
     * The provider stated its figures.
     *
     * @param lentKey the provider's id of the key that the service lends, empty if the credential
     *     does not state it
     */
    record Read(ProviderFigures figures, Optional<String> lentKey) implements Reading {}

    /** The figures could not be read. */
    record Failed(BillingFailure why) implements Reading {}
  }
}
