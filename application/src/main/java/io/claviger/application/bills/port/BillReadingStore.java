package io.claviger.application.bills.port;

import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.bills.Bill;
import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.bills.CountedUsage;
import io.claviger.domain.bills.ReadDay;
import io.claviger.domain.instances.Instance;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Stores the figures that were read from providers, and when they are read again. */
public interface BillReadingStore {
  /**
   * After a request for a reading, further requests for the same service are refused for this
   * duration.
   */
  Duration BETWEEN_REQUESTS = Duration.ofMinutes(1);

  /**
   * The state of the readings of a service.
   *
   * @param readAt when figures were read last
   * @param failure the last failed reading, if that reading was later than the last successful one;
   *     empty otherwise
   */
  record Readings(Optional<Instant> readAt, Optional<FailedReading> failure) {
    public static final Readings NONE = new Readings(Optional.empty(), Optional.empty());
  }

  /**
   * A reading that failed.
   *
   * @param times how many readings in a row have failed
   */
  record FailedReading(BillingFailure why, Instant at, int times) {}

  /**
   * Finds the days whose figures were read, from the first to the last given day (both included),
   * in their order.
   */
  List<ReadDay> days(Account account, LocalDate from, LocalDate to);

  /**
   * Stores the figures of days, and replaces earlier readings of the same days. Figures from
   * readings that are later than this reading are not replaced.
   */
  void save(Account account, List<ReadDay> days);

  /** Finds Claviger's figures for the owner of the account, from the first to the last day. */
  List<CountedUsage> usage(Account account, LocalDate from, LocalDate to);

  /**
   * Takes a service that has a billing credential and is due for reading. Owners take turns: a
   * service of the owner whose last turn was longest ago is taken. No other node takes this service
   * until the lease ends.
   */
  Optional<Account> takeDue(Instant now, Duration lease);

  /**
   * Takes the permit for a reading that somebody requested.
   *
   * @return whether the permit was free, which means that no reading was requested within {@link
   *     #BETWEEN_REQUESTS} before
   */
  boolean takeRequested(Instance.Id service, Instant now);

  Readings readings(Instance.Id service);

  /**
   * Stores the unexplained amount of a month, if the month was compared. If the amount is alarming,
   * this also writes a message for the webhooks of the given receivers, but only one message for
   * each service and month.
   */
  void recordCompared(Account account, Bill bill, Set<GranteeId> told, Instant now);

  /**
   * Finds the unexplained amounts of a month for services with a billing credential, in
   * nano-dollars.
   *
   * @param most the greatest number of services; those with the highest amounts are found
   */
  Map<Instance.Id, Long> unexplained(YearMonth month, int most);

  void recordRead(Instance.Id service, Instant now, Instant next);

  void recordFailed(Instance.Id service, BillingFailure why, Instant now, Instant next);
}
