package io.claviger.application.fakes;

import io.claviger.application.budgets.port.BudgetLedger;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetWindow;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** {@link BudgetLedger} in memory, with a clock that all nodes share. */
public final class InMemoryBudgetLedger implements BudgetLedger {
  private static final long MOST = 4_000_000_000_000_000_000L;
  private static final Duration LONGEST = Duration.ofHours(1);

  private final InstantSource clock;
  private final Map<WindowKey, Entries> windows = new HashMap<>();
  private final Map<UUID, Instant> nodes = new HashMap<>();
  private final List<Raise> raises = new ArrayList<>();

  public InMemoryBudgetLedger(InstantSource clock) {
    this.clock = clock;
  }

  private record WindowKey(BudgetAccount account, Instant startsAt) {}

  private record Raise(BudgetAccount account, long amount, Instant until) {}

  private static final class Entries {
    private final Optional<Instant> endsAt;
    private final Map<UUID, Lease> leases = new HashMap<>();
    private long settled;

    Entries(Optional<Instant> endsAt) {
      this.endsAt = endsAt;
    }

    long reserved() {
      return leases.values().stream().mapToLong(Lease::granted).sum();
    }
  }

  private record Lease(
      long began, long sequence, long spent, long granted, long writtenOff, Instant touchedAt) {}

  /** Adds to the budget of an account for a time. */
  public synchronized void raise(BudgetAccount account, long amount, Instant until) {
    raises.add(new Raise(account, amount, until));
  }

  /** What is said of a window, or of the current one, to a node that wants nothing. */
  public BudgetAccountState look(BudgetMeter meter, Optional<Instant> window) {
    return exchange(
            UUID.randomUUID(),
            List.of(
                new LedgerExchange(
                    BudgetAccount.of(meter),
                    window,
                    Optional.empty(),
                    1,
                    1,
                    0,
                    0,
                    Demand.none(meter.budget().amount()),
                    0)))
        .getFirst();
  }

  @Override
  public synchronized List<BudgetAccountState> exchange(UUID node, List<LedgerExchange> each) {
    nodes.put(node, clock.instant().plus(SILENCE));
    return each.stream().map(one -> exchange(node, one)).toList();
  }

  @Override
  public synchronized boolean exists(BudgetAccount account) {
    return windows.keySet().stream().anyMatch(window -> window.account().equals(account));
  }

  /** The first exchange makes an account, and never takes long. */
  @Override
  public void open(BudgetAccount account) {}

  private BudgetAccountState exchange(UUID node, LedgerExchange one) {
    Instant now = clock.instant();
    Instant startsAt = one.window().orElseGet(() -> open(node, one, later(now, one.after())));
    Entries window = windows.get(new WindowKey(one.account(), startsAt));
    if (window == null) {
      return new BudgetAccountState(
          false, new BudgetLedger.Window(startsAt, Optional.empty()), Duration.ZERO, 0, 0, 0, 0);
    }
    Lease lease = window.leases.get(node);
    boolean known =
        lease == null ? one.spent() == 0 && one.held() == 0 : lease.began() <= one.began();
    Lease before = lease == null ? new Lease(one.began(), 0, 0, 0, 0, now) : lease;
    if (known && before.sequence() < one.sequence() && !isLate(node, one, startsAt)) {
      window.leases.put(node, apply(window, before, one, now));
    }
    Lease after = window.leases.get(node);
    return new BudgetAccountState(
        known,
        new BudgetLedger.Window(startsAt, window.endsAt),
        goodFor(one.account(), window, now),
        known && after != null ? after.granted() : 0,
        left(window, one, now),
        window.settled,
        window.reserved());
  }

  /** Whether a first exchange comes after one that the node has made since, for another window. */
  private boolean isLate(UUID node, LedgerExchange one, Instant current) {
    return one.window().isEmpty()
        && windows.entrySet().stream()
            .filter(entry -> entry.getKey().account().equals(one.account()))
            .filter(entry -> !entry.getKey().startsAt().equals(current))
            .flatMap(entry -> Stream.ofNullable(entry.getValue().leases.get(node)))
            .anyMatch(lease -> lease.began() >= one.began() && lease.sequence() > one.sequence());
  }

  private Lease apply(Entries window, Lease last, LedgerExchange one, Instant now) {
    Lease before =
        last.began() == one.began() ? last : new Lease(one.began(), 0, 0, 0, 0, last.touchedAt());
    window.settled += one.spent() - before.spent() - last.writtenOff();
    long kept = Math.min(one.held(), before.granted() + before.writtenOff());
    Lease keeping = new Lease(one.began(), one.sequence(), one.spent(), kept, 0, now);
    long others = window.reserved() - last.granted();
    long left = total(one, now) - window.settled - others - kept;
    boolean over = window.endsAt.filter(end -> !end.isAfter(now)).isPresent();
    long granted = over ? 0 : granted(one.demand(), left);
    return new Lease(keeping.began(), keeping.sequence(), keeping.spent(), kept + granted, 0, now);
  }

  private static long granted(Demand demand, long left) {
    if (left >= demand.needed()) {
      return demand.needed() + Math.min(demand.extra(), (left - demand.needed()) / 16);
    }
    return demand.smallest() > 0 && left >= demand.smallest() ? left : 0;
  }

  private long left(Entries window, LedgerExchange one, Instant now) {
    return total(one, now) - window.settled - window.reserved();
  }

  private long total(LedgerExchange one, Instant now) {
    long raised = inForce(one.account(), now).mapToLong(Raise::amount).sum();
    return Math.min(MOST, one.demand().budget() + raised);
  }

  private Stream<Raise> inForce(BudgetAccount account, Instant now) {
    return raises.stream().filter(r -> r.account().equals(account) && r.until().isAfter(now));
  }

  private Duration goodFor(BudgetAccount account, Entries window, Instant now) {
    return Stream.concat(
            Stream.concat(window.endsAt.stream(), inForce(account, now).map(Raise::until)),
            Stream.of(now.plus(LONGEST)))
        .min(Instant::compareTo)
        .map(end -> Duration.between(now, end))
        .filter(left -> window.endsAt.filter(end -> !end.isAfter(now)).isEmpty())
        .orElse(Duration.ZERO);
  }

  /** Finds or makes the current window, and returns what was granted unnoticed in another one. */
  private Instant open(UUID node, LedgerExchange one, Instant now) {
    Budget.Key key = one.account().key();
    Instant startsAt = Instant.EPOCH;
    Optional<Instant> endsAt = Optional.empty();
    if (key.window() != BudgetWindow.TOTAL) {
      ZoneId zone = key.zone().zoneId();
      LocalDate first = first(key.window(), LocalDate.ofInstant(now, zone));
      startsAt = first.atStartOfDay(zone).toInstant();
      endsAt = Optional.of(next(key.window(), first).atStartOfDay(zone).toInstant());
    }
    Entries unused =
        windows.putIfAbsent(new WindowKey(one.account(), startsAt), new Entries(endsAt));
    Instant current = startsAt;
    windows.forEach(
        (at, window) -> {
          if (at.account().equals(one.account()) && !at.startsAt().equals(current)) {
            Lease lost =
                window.leases.computeIfPresent(
                    node,
                    (n, l) ->
                        l.began() == one.began() && l.sequence() < one.sequence()
                            ? new Lease(l.began(), l.sequence(), l.spent(), 0, l.writtenOff(), now)
                            : l);
          }
        });
    return startsAt;
  }

  private static Instant later(Instant now, Optional<Instant> after) {
    return after.filter(now::isBefore).orElse(now);
  }

  private static LocalDate first(BudgetWindow window, LocalDate day) {
    return switch (window) {
      case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTH -> day.withDayOfMonth(1);
      case DAY, TOTAL -> day;
    };
  }

  private static LocalDate next(BudgetWindow window, LocalDate first) {
    return switch (window) {
      case WEEK -> first.plusWeeks(1);
      case MONTH -> first.plusMonths(1);
      case DAY, TOTAL -> first.plusDays(1);
    };
  }

  @Override
  public synchronized int writeOff() {
    Instant now = clock.instant();
    Instant latest = now.plus(SILENCE);
    nodes.replaceAll((node, end) -> end.isAfter(latest.plusSeconds(1)) ? latest : end);
    List<UUID> silent =
        nodes.entrySet().stream()
            .filter(n -> !n.getValue().isAfter(now))
            .map(Map.Entry::getKey)
            .toList();
    int written = 0;
    for (UUID node : silent) {
      Instant unused = nodes.remove(node);
      for (Entries window : windows.values()) {
        Lease lease = window.leases.get(node);
        if (lease != null && lease.granted() > 0) {
          window.settled += lease.granted();
          Lease before =
              window.leases.put(
                  node,
                  new Lease(
                      lease.began(), lease.sequence(), lease.spent(), 0, lease.granted(), now));
          written++;
        }
      }
    }
    return written;
  }

  @Override
  public synchronized int removeOld() {
    Instant now = clock.instant();
    int before = rows();
    windows.keySet().removeIf(key -> isOld(windows.get(key), now));
    windows.values().forEach(w -> w.leases.values().removeIf(lease -> isIdle(lease, now)));
    return before - rows();
  }

  private static boolean isOld(Entries window, Instant now) {
    return window.endsAt.filter(end -> end.isBefore(now.minus(Duration.ofDays(35)))).isPresent();
  }

  private static boolean isIdle(Lease lease, Instant now) {
    Duration kept = lease.writtenOff() > 0 ? Duration.ofDays(1) : Duration.ofMinutes(10);
    return lease.granted() == 0 && lease.touchedAt().isBefore(now.minus(kept));
  }

  private int rows() {
    return windows.size() + windows.values().stream().mapToInt(w -> w.leases.size()).sum();
  }
}
