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

/** Stores the figures from providers and the times of the next readings. */
public interface BillReadingStore {
  /**
   * The time after a requested reading in which further requests for the same service are refused.
   */
  Duration BETWEEN_REQUESTS = Duration.ofMinutes(1);

  /**
   * The maximum time between the present and a planned reading. The next night ends in less than 30
   * hours. So a reading that is planned for later was planned while the database's clock was ahead.
   */
  Duration LATEST = Duration.ofHours(30);

  /**
   * The state of the readings of a service.
   *
   * @param readAt when figures were last read
   * @param failure the last failed reading; empty if a later reading succeeded
   */
  record Readings(Optional<Instant> readAt, Optional<FailedReading> failure) {
    public static final Readings NONE = new Readings(Optional.empty(), Optional.empty());
  }

  /**
   * A reading that failed.
   *
   * @param times a count of the consecutive failed readings
   */
  record FailedReading(BillingFailure why, Instant at, int times) {}

  /**
   * Returns the days from {@code from} to {@code to} whose figures have been read, in ascending
   * order.
   */
  List<ReadDay> days(Account account, LocalDate from, LocalDate to);

  /**
   * Stores the figures of days and replaces figures from earlier readings. Figures from later
   * readings are not replaced, unless the database's clock was ahead when they were read.
   */
  void save(Account account, List<ReadDay> days);

  /**
   * Finds the days on which the figures of the owner's other services take at least the given
   * number of bytes of the database. Leaves out the days of which the service itself has figures.
   */
  Set<LocalDate> daysWithoutRoom(Account account, LocalDate from, LocalDate to, long bytes);

  /** Finds Claviger's figures for the owner of the account, from the first to the last day. */
  List<CountedUsage> usage(Account account, LocalDate from, LocalDate to);

  /**
   * Takes a service that has a billing credential and is due for reading, or would be due later
   * than {@link #LATEST}. Owners take turns: the service belongs to the owner whose last turn was
   * longest ago. During the lease, no other node takes this service.
   */
  Optional<Account> takeDue(Instant now, Duration lease);

  /**
   * Takes the permit for a requested reading.
   *
   * @return whether the permit was free, because no reading was requested within the last {@link
   *     #BETWEEN_REQUESTS}
   */
  boolean takeRequested(Instance.Id service, Instant now);

  Readings readings(Instance.Id service);

  /**
   * If a month was compared, stores its unexplained amount. If the amount is alarming, also writes
   * a message to the webhooks of those who have to know it, at most once per service and month.
   */
  void recordCompared(Account account, Bill bill, Set<GranteeId> told, Instant now);

  /**
   * Finds the unexplained amounts of a month for services with a billing credential, in
   * nano-dollars.
   *
   * @param most the maximum number of services. The services with the highest amounts are found
   */
  Map<Instance.Id, Long> unexplained(YearMonth month, int most);

  void recordRead(Instance.Id service, Instant now, Instant next);

  void recordFailed(Instance.Id service, BillingFailure why, Instant now, Instant next);
}
