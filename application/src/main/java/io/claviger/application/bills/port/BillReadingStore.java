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

/** Stores what was read of providers' figures, and when they are read again. */
public interface BillReadingStore {
  /** How long after one request for a reading the next one is refused. */
  Duration BETWEEN_REQUESTS = Duration.ofMinutes(1);

  /**
   * The state of the readings of a service.
   *
   * @param readAt when figures were read last
   * @param failure why the last reading failed, if one failed since
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

  /** Finds the days from the first to the last given day that were read, in their order. */
  List<ReadDay> days(Account account, LocalDate from, LocalDate to);

  /**
   * Stores days in place of earlier readings of the same days. What a later reading has stored
   * stays.
   */
  void save(Account account, List<ReadDay> days);

  /** Finds what Claviger counted, from the first to the last day, for the owner of the account. */
  List<CountedUsage> usage(Account account, LocalDate from, LocalDate to);

  /**
   * Takes a service with a billing credential whose figures are due. It belongs to the owner whose
   * turn was longest ago. No other node takes it until the lease ends.
   */
  Optional<Account> takeDue(Instant now, Duration lease);

  /**
   * Takes the permit for a reading that somebody asked for.
   *
   * @return whether none was asked for in {@link #BETWEEN_REQUESTS} before
   */
  boolean takeRequested(Instance.Id service, Instant now);

  Readings readings(Instance.Id service);

  /**
   * Stores the unexplained amount of a month, unless the month was not compared. If that is
   * alarming, a message to the webhooks of those who are told is written, once for a service and
   * month.
   */
  void recordCompared(Account account, Bill bill, Set<GranteeId> told, Instant now);

  /**
   * Finds what is unexplained of a month for services with a billing credential, in nano-dollars.
   *
   * @param most the greatest number of services; those with the most unexplained are found
   */
  Map<Instance.Id, Long> unexplained(YearMonth month, int most);

  void recordRead(Instance.Id service, Instant now, Instant next);

  void recordFailed(Instance.Id service, BillingFailure why, Instant now, Instant next);
}
