package io.claviger.application.fakes;

import io.claviger.application.bills.port.BillReadingStore;
import io.claviger.application.bills.port.BillStore.Account;
import io.claviger.application.fakes.Tables.BillDayKey;
import io.claviger.application.fakes.Tables.BillMonthKey;
import io.claviger.application.fakes.Tables.BillRun;
import io.claviger.application.fakes.Tables.WebhookRow;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.domain.accounts.GranteeId;
import io.claviger.domain.bills.Bill;
import io.claviger.domain.bills.BillingFailure;
import io.claviger.domain.bills.CountedUsage;
import io.claviger.domain.bills.ReadDay;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.usage.UsageRow;
import io.claviger.domain.webhooks.EventType;
import io.claviger.domain.webhooks.WebhookMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * {@link BillReadingStore} in memory, where no service is ever due by itself, and which knows no
 * credentials.
 */
public final class InMemoryBillReadings implements BillReadingStore {
  private final InMemoryTransactions transactions;
  private volatile boolean slow;
  private final Map<LocalDate, Long> bytesOfOthers = new ConcurrentHashMap<>();

  InMemoryBillReadings(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public List<ReadDay> days(Account account, LocalDate from, LocalDate to) {
    return transactions.read(
        t ->
            from.datesUntil(to.plusDays(1))
                .map(day -> t.billDays.get(new BillDayKey(account, day)))
                .filter(Objects::nonNull)
                .toList());
  }

  @Override
  public void save(Account account, List<ReadDay> days) {
    transactions.run(
        t -> {
          var unused = t.requireInstance(account.service());
          t.requireUser(account.owner());
          for (ReadDay day : days) {
            ReadDay stays =
                t.billDays.merge(
                    new BillDayKey(account, day.day()),
                    day,
                    (old, other) -> old.readAt().isAfter(other.readAt()) ? old : other);
            Objects.requireNonNull(stays);
          }
        });
  }

  /** From now on, the figures of an owner's other services for a day take so many bytes. */
  public void fill(LocalDate day, long bytes) {
    Long unused = bytesOfOthers.put(day, bytes);
  }

  @Override
  public Set<LocalDate> daysWithoutRoom(Account account, LocalDate from, LocalDate to, long bytes) {
    Set<LocalDate> known =
        days(account, from, to).stream().map(ReadDay::day).collect(Collectors.toSet());
    return bytesOfOthers.entrySet().stream()
        .filter(day -> day.getValue() >= bytes && !known.contains(day.getKey()))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** From now on usage takes the database too long, or does not any more. */
  public void takeTooLong(boolean whether) {
    slow = whether;
  }

  @Override
  public List<CountedUsage> usage(Account account, LocalDate from, LocalDate to) {
    if (slow) {
      throw new QueryTimeout(new IllegalStateException("slow"));
    }
    return transactions.read(
        t ->
            t.usage.values().stream()
                .filter(row -> row.account().instance().equals(account.service()))
                .filter(row -> row.account().owner().equals(account.owner()))
                .filter(row -> !row.day().isBefore(from) && !row.day().isAfter(to))
                .map(InMemoryBillReadings::counted)
                .toList());
  }

  private static CountedUsage counted(UsageRow row) {
    return CountedUsage.of(row.day(), row.model(), row.source() == KeySource.USER, row.counts());
  }

  @Override
  public Optional<Account> takeDue(Instant now, Duration lease) {
    return Optional.empty();
  }

  @Override
  public boolean takeRequested(Instance.Id service, Instant now) {
    return transactions.change(
        t -> {
          BillRun run =
              t.billRuns.getOrDefault(service, new BillRun(now, Optional.empty(), Readings.NONE));
          boolean free =
              run.asked()
                  .filter(at -> at.isAfter(now.minus(BETWEEN_REQUESTS)))
                  .filter(at -> !at.isAfter(now.plus(BETWEEN_REQUESTS)))
                  .isEmpty();
          if (free) {
            t.billRuns.put(service, new BillRun(run.due(), Optional.of(now), run.readings()));
          }
          return free;
        });
  }

  @Override
  public Readings readings(Instance.Id service) {
    return transactions.read(
        t ->
            Optional.ofNullable(t.billRuns.get(service))
                .map(BillRun::readings)
                .orElse(Readings.NONE));
  }

  @Override
  public void recordCompared(Account account, Bill bill, Set<GranteeId> told, Instant now) {
    if (bill.unexplained().isEmpty()) {
      return;
    }
    transactions.run(
        t -> {
          BillMonthKey key = new BillMonthKey(account.service(), bill.month());
          Long unused = t.billMonths.put(key, bill.unexplained().get());
          if (bill.isAlarming() && t.toldBills.add(key)) {
            for (GranteeId receiver : told) {
              WebhookRow row = t.webhooks.get(receiver);
              if (row != null && selectsBills(row) && !InMemoryWebhooks.isSuspended(t, row)) {
                InMemoryWebhooks.add(t, row, message(account, bill, now));
              }
            }
          }
        });
  }

  private static boolean selectsBills(WebhookRow row) {
    List<EventType> selected = row.webhook().events().types();
    return selected.isEmpty() || selected.contains(EventType.BILL_DIFFERS);
  }

  private static WebhookMessage message(Account account, Bill bill, Instant now) {
    return new WebhookMessage.BillUnexplained(
        UUID.randomUUID(),
        account.service().value(),
        bill.month(),
        bill.theirs().orElse(0L),
        bill.ours(),
        bill.unexplained().orElseThrow(),
        now);
  }

  @Override
  public Map<Instance.Id, Long> unexplained(YearMonth month, int most) {
    return transactions.read(
        t ->
            t.billMonths.entrySet().stream()
                .filter(e -> e.getKey().month().equals(month))
                .sorted(Map.Entry.<BillMonthKey, Long>comparingByValue().reversed())
                .limit(most)
                .collect(Collectors.toMap(e -> e.getKey().service(), Map.Entry::getValue)));
  }

  @Override
  public void recordRead(Instance.Id service, Instant now, Instant next) {
    record(service, next, new Readings(Optional.of(now), Optional.empty()));
  }

  @Override
  public void recordFailed(Instance.Id service, BillingFailure why, Instant now, Instant next) {
    Readings before = readings(service);
    int times = before.failure().map(FailedReading::times).orElse(0) + 1;
    record(
        service,
        next,
        new Readings(before.readAt(), Optional.of(new FailedReading(why, now, times))));
  }

  private void record(Instance.Id service, Instant next, Readings readings) {
    transactions.run(
        t ->
            t.billRuns.computeIfPresent(
                service, (id, run) -> new BillRun(next, run.asked(), readings)));
  }
}
