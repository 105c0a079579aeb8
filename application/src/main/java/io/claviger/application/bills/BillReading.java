package io.claviger.application.bills;

import io.claviger.application.bills.port.BillReadingStore;
import io.claviger.application.bills.port.BillStore;
import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.application.bills.port.ProviderBilling;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.MissingEncryptionKey;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.TransientFailure;
import io.claviger.application.shared.port.Transactions;
import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.bills.Invoice;
import io.claviger.domain.bills.ProviderFigures;
import io.claviger.domain.bills.ReadDay;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.webhooks.EventReceivers;
import io.claviger.domain.webhooks.EventReceivers.Parties;
import io.claviger.domain.webhooks.EventType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads the usage and costs of the last days from providers, every night and on demand. Only one
 * node at a time reads a service's figures, within a limited time. No transaction is open while a
 * provider is asked.
 */
public final class BillReading {
  /**
   * The time for which a node has the exclusive right to read a service's figures. This time is
   * longer than the longest reading, so that two nodes never read the figures of a service at the
   * same time.
   */
  private static final Duration LEASE = Duration.ofSeconds(2L * ProviderBilling.MOST_SECONDS);

  private static final Duration SOONEST_RETRY = Duration.ofMinutes(5);
  private static final Duration LATEST_RETRY = Duration.ofHours(6);

  /** The time after midnight (UTC) at which the nightly readings begin. */
  private static final Duration AFTER_MIDNIGHT = Duration.ofHours(1);

  /** The time over which the nightly readings are spread. */
  private static final Duration NIGHT = Duration.ofHours(4);

  private final BillReadingStore readings;
  private final ProviderBilling billing;
  private final MonthComparison comparison;
  private final InstanceStore services;
  private final BillStore bills;
  private final Transactions transactions;
  private final InstantSource clock;

  /**
   * @param clock the database's clock. This clock decides when readings are due and when leases
   *     end, because the clocks of nodes can differ
   */
  public BillReading(
      BillReadingStore readings,
      ProviderBilling billing,
      MonthComparison comparison,
      InstanceStore services,
      BillStore bills,
      Transactions transactions,
      InstantSource clock) {
    this.readings = readings;
    this.billing = billing;
    this.comparison = comparison;
    this.services = services;
    this.bills = bills;
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * Reads the figures of a service whose reading is due.
   *
   * @return the service that was read; empty if no service was due
   */
  public Optional<Account> readDue() {
    Optional<Account> due =
        transactions.inTransaction(() -> readings.takeDue(clock.instant(), LEASE));
    due.ifPresent(account -> read(account, false));
    return due;
  }

  /**
   * Reads a service's figures when a user asks for them. The reading includes the figures of the
   * current day.
   *
   * @return false if nothing was read because of another request less than a minute ago
   */
  boolean readRequested(Account account) {
    boolean taken = readings.takeRequested(account.service(), clock.instant());
    if (taken) {
      read(account, true);
    }
    return taken;
  }

  /**
   * Reads the days whose figures might still change at the provider, and the days that have not
   * been read yet.
   *
   * @param today whether somebody waits for the reading. If somebody waits, the current day is read
   *     too, and the time limit is shorter
   */
  public void read(Account account, boolean today) {
    LocalDate running = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    LocalDate last = today ? running : running.minusDays(1);
    LocalDate first = first(account, running);
    Duration limit =
        today
            ? ProviderBilling.LONGEST_REQUESTED
            : Duration.ofSeconds(ProviderBilling.MOST_SECONDS);
    try {
      store(account, billing.read(account, first, last, limit), first, last, running);
    } catch (TransientFailure | MissingEncryptionKey e) {
      // These exceptions say nothing about the provider's figures, so they are not stored as a
      // failed reading.
      throw e;
    } catch (RuntimeException e) {
      // The next attempt has to wait, as after every other failure. The caller logs this
      // failure.
      boolean unused =
          transactions.inTransaction(() -> fail(account, BillingFailure.BILL_UNREADABLE));
      throw e;
    }
  }

  private void store(
      Account account,
      ProviderBilling.Reading reading,
      LocalDate first,
      LocalDate last,
      LocalDate running) {
    switch (reading) {
      case ProviderBilling.Reading.Read read -> {
        List<ReadDay> days = days(read, first, last);
        try {
          save(
              account,
              days,
              now -> compare(account, YearMonth.from(first), YearMonth.from(running), now));
        } catch (QueryTimeout e) {
          // The comparison took too long. The figures are stored without it, and the next reading
          // compares them too.
          save(account, days, now -> {});
          throw e;
        }
      }
      case ProviderBilling.Reading.Failed failed -> {
        boolean unused = transactions.inTransaction(() -> fail(account, failed.why()));
      }
    }
  }

  /** Stores the days for which there is room. If there is none for a day, records a failure. */
  private void save(Account account, List<ReadDay> days, Consumer<Instant> comparing) {
    boolean unused =
        transactions.inTransaction(
            () -> {
              Instant now = clock.instant();
              Set<LocalDate> withoutRoom =
                  readings.daysWithoutRoom(
                      account,
                      days.getFirst().day(),
                      days.getLast().day(),
                      ReadDay.MOST_BYTES_OF_OWNER);
              readings.save(
                  account, days.stream().filter(day -> !withoutRoom.contains(day.day())).toList());
              comparing.accept(now);
              readings.recordRead(account.service(), now, nextNight(account, now));
              return withoutRoom.isEmpty() || fail(account, BillingFailure.BILL_TOO_LARGE);
            });
  }

  private boolean fail(Account account, BillingFailure why) {
    Instant now = clock.instant();
    int before =
        readings
            .readings(account.service())
            .failure()
            .map(BillReadingStore.FailedReading::times)
            .orElse(0);
    readings.recordFailed(account.service(), why, now, now.plus(pause(why, before)));
    return true;
  }

  /**
   * Compares the bill of the requested month with the usage. The month might be so long ago that
   * its figures are no longer read from the provider.
   */
  void compare(Account account, YearMonth month) {
    boolean unused =
        transactions.inTransaction(
            () -> {
              compare(account, month, month, clock.instant());
              return true;
            });
  }

  /**
   * Compares months. Stores the billed amounts that the recorded calls do not explain. Amounts of
   * days that are not over never count as unexplained. An invoice is compared only after the end of
   * its month, because it might be incomplete during the month.
   */
  private void compare(Account account, YearMonth first, YearMonth last, Instant now) {
    Optional<Instance> service =
        services
            .find(account.service(), account.owner(), now)
            .map(InstanceStore.VisibleInstance::instance)
            .filter(found -> Account.of(found).equals(account));
    if (service.isEmpty()) {
      return;
    }
    YearMonth running = YearMonth.from(now.atOffset(ZoneOffset.UTC));
    for (YearMonth month = first; !month.isAfter(last); month = month.plusMonths(1)) {
      Optional<Invoice> invoice =
          month.isBefore(running) ? bills.invoice(account, month) : Optional.empty();
      readings.recordCompared(
          account,
          comparison.compare(service.get(), month, invoice),
          EventReceivers.of(EventType.BILL_DIFFERS, Parties.owner(account.owner())),
          now);
    }
  }

  /**
   * Returns the first day whose figures are missing or not final. Days that are too old for a
   * single reading are ignored.
   */
  private LocalDate first(Account account, LocalDate running) {
    LocalDate usual = running.minusDays(ReadDay.CHANGES_FOR_DAYS);
    LocalDate earliest = running.minusDays(ProviderBilling.MOST_DAYS - 1L);
    List<ReadDay> known = readings.days(account, earliest, usual.minusDays(1));
    LocalDate first = usual;
    for (ReadDay day : known) {
      if (!day.isFinal() && day.day().isBefore(first)) {
        first = day.day();
      }
    }
    // Days without a reading count as missing only if they come after the first day that was read.
    // Before the first day that was read, the service perhaps had no credential.
    for (int i = 1; i < known.size(); i++) {
      LocalDate missing = known.get(i - 1).day().plusDays(1);
      if (missing.isBefore(known.get(i).day()) && missing.isBefore(first)) {
        first = missing;
      }
    }
    if (!known.isEmpty()) {
      LocalDate next = known.getLast().day().plusDays(1);
      first = next.isBefore(first) ? next : first;
    }
    return first;
  }

  private static List<ReadDay> days(
      ProviderBilling.Reading.Read read, LocalDate first, LocalDate last) {
    ProviderFigures figures = read.figures();
    return first
        .datesUntil(last.plusDays(1))
        .map(
            day ->
                new ReadDay(
                    day,
                    figures.readAt(),
                    figures.usage().stream().filter(u -> u.day().equals(day)).toList(),
                    figures.costs().stream().filter(c -> c.day().equals(day)).toList(),
                    read.lentKey()))
        .toList();
  }

  /**
   * Returns the time in the next night at which to read a service's figures. The services' readings
   * are spread over the night.
   */
  private static Instant nextNight(Account account, Instant now) {
    long share = Math.floorMod(account.service().value().hashCode(), NIGHT.toSeconds());
    return LocalDate.ofInstant(now, ZoneOffset.UTC)
        .plusDays(1)
        .atStartOfDay(ZoneOffset.UTC)
        .toInstant()
        .plus(AFTER_MIDNIGHT)
        .plusSeconds(share);
  }

  /**
   * Returns how long to wait after a failed reading.
   *
   * @param failures the number of consecutive readings that failed before this reading
   */
  static Duration pause(BillingFailure why, int failures) {
    boolean needsOwner =
        why == BillingFailure.KEY_REJECTED || why == BillingFailure.CREDENTIAL_UNUSABLE;
    // These pauses are always long: a provider that lets a reading wait for minutes delays the
    // readings of all services, and reading figures that are too large takes time without any
    // result.
    boolean isCostly = why == BillingFailure.TIMED_OUT || why == BillingFailure.BILL_TOO_LARGE;
    Duration doubled = SOONEST_RETRY.multipliedBy(1L << Math.min(failures, 7));
    return needsOwner || isCostly || doubled.compareTo(LATEST_RETRY) > 0 ? LATEST_RETRY : doubled;
  }
}
