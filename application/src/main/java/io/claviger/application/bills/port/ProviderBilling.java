package io.claviger.application.bills.port;

import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.bills.ProviderFigures;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Optional;

/** Reads usage and costs from providers, with the billing credentials of services. */
public interface ProviderBilling {
  /** The maximum number of days in one reading. */
  int MOST_DAYS = 31;

  /**
   * Reads the figures of several days, within the scope of the service's billing credential. The
   * method blocks. If the provider fails or gives a wrong answer, the result is a {@link
   * Reading.Failed}, and no exception is thrown.
   *
   * @param account a service and its owner. If the owner has changed, the service is treated as a
   *     service without a credential
   * @param from the first day to read (UTC)
   * @param to the last day to read (UTC); at most {@link #MOST_DAYS} days are read, including
   *     {@code from} and {@code to}
   * @param limit the time limit
   */
  Reading read(Account account, LocalDate from, LocalDate to, Duration limit);

  /** The time limit of a reading. */
  int MOST_SECONDS = 120;

  /** The time limit of a reading for which a user waits. */
  Duration LONGEST_REQUESTED = Duration.ofSeconds(30);

  /** The result of a reading. */
  sealed interface Reading {
    /**
     * The provider stated its figures.
     *
     * @param lentKey the provider's id of the key that the service lends; empty if the credential
     *     does not state this id
     */
    record Read(ProviderFigures figures, Optional<String> lentKey) implements Reading {}

    /** The figures could not be read. */
    record Failed(BillingFailure why) implements Reading {}
  }
}
