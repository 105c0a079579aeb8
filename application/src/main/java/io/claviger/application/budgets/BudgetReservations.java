package io.claviger.application.budgets;

import io.claviger.application.budgets.port.BudgetLedger;
import io.claviger.application.shared.CacheListener;
import io.claviger.application.shared.SubjectFailures;
import io.claviger.domain.budgets.BudgetAccount;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The budget portions that this node has leased from the database. From these portions, each call
 * reserves its expected cost or, under a strict budget, its highest possible cost. A portion covers
 * about two seconds of calls, so that calls rarely wait for the database. A portion is always a
 * small part of the remaining amount, so that other nodes can lease portions too. When a budget is
 * almost used up, nothing is leased in advance, and unused amounts are returned immediately.
 * Methods that query the database throw {@link io.claviger.application.shared.StoreUnavailable} if
 * it does not answer.
 */
public final class BudgetReservations implements CacheListener {
  /**
   * The maximum number of unused accounts in memory. Each unused account takes about 500 bytes.
   * Beyond the maximum number, an unused account is removed from memory as soon as the database
   * knows the account's spending.
   */
  static final int MOST_ACCOUNTS = 50_000;

  /**
   * The maximum number of times that a call leases again because other calls have taken the leased
   * amount.
   */
  private static final int MOST_ROUNDS = 4;

  /**
   * After this time without an exchange, a node with a lease tells the ledger that it still runs.
   */
  private static final Duration SIGN_EVERY = Duration.ofSeconds(15);

  /**
   * The interval at which all accounts are checked. Between two checks, only accounts that are
   * known to be due are checked.
   */
  static final Duration LOOK_EVERY = Duration.ofMillis(250);

  private static final ReserveDecision FREE = new ReserveDecision.Reserved(Reservation.NONE);

  private final BudgetLedger ledger;
  private final LongSupplier nanos;
  private final int most;
  private final LedgerExchanges exchanges;
  private final AtomicLong sequence = new AtomicLong();
  private final Map<BudgetAccount, LeasedBudget> accounts = new ConcurrentHashMap<>();
  private final Map<UUID, LeasedBudget> byId = new ConcurrentHashMap<>();
  private final Set<LeasedBudget> urgent = ConcurrentHashMap.newKeySet();
  private final ReserveAttempt.Accounts taking = new Taking();
  private long lastLook;

  public BudgetReservations(BudgetLedger ledger, LongSupplier nanos) {
    this(ledger, nanos, MOST_ACCOUNTS);
  }

  BudgetReservations(BudgetLedger ledger, LongSupplier nanos, int most) {
    this.ledger = ledger;
    this.nanos = nanos;
    this.most = most;
    this.exchanges = new LedgerExchanges(ledger, nanos);
    this.lastLook = nanos.getAsLong();
  }

  /**
   * Reserves either all wanted amounts or nothing, from the portions that this node has leased.
   * Does not query the database and never blocks.
   */
  public ReserveDecision reserveAtOnce(List<BudgetDemand> wanted) {
    if (wanted.isEmpty()) {
      return FREE;
    }
    ReserveAttempt attempt = new ReserveAttempt(wanted, taking);
    return attempt.take(nanos.getAsLong()).orElseGet(attempt::givenUp);
  }

  /**
   * Reserves either all wanted amounts or nothing. If this node has leased too little, it leases
   * more from the database. Never answers {@link ReserveDecision.Unknown}.
   */
  public ReserveDecision reserve(List<BudgetDemand> wanted) {
    if (wanted.isEmpty()) {
      return FREE;
    }
    ReserveAttempt attempt = new ReserveAttempt(wanted, taking);
    Optional<ReserveDecision> decision = attempt.take(nanos.getAsLong());
    try {
      for (int round = 0; round < MOST_ROUNDS && decision.isEmpty(); round++) {
        exchanges.serve(attempt.needs());
        decision = attempt.take(nanos.getAsLong());
      }
    } catch (RuntimeException e) {
      attempt.release();
      throw e;
    }
    return decision.orElseGet(() -> attempt.refused(nanos.getAsLong()));
  }

  /**
   * Opens the current window of each group account whose current window is missing in the database.
   * Call this method before another class charges or shows these accounts. Does nothing for all
   * other accounts.
   *
   * @throws io.claviger.application.shared.StoreUnavailable if the windows do not exist in time
   */
  public void open(Collection<BudgetAccount> wanted) {
    exchanges.open(wanted);
  }

  /**
   * Reports spent and returned amounts to the database if a report is due, and leases more in
   * advance. A task calls this method about twenty times a second. Accounts that are almost used up
   * are reported immediately. Other accounts are reported at intervals of {@link
   * LeasedBudget#REPORTED_EVERY}. An account whose report failed although the database is available
   * is left out for {@link SubjectFailures#REST}.
   *
   * @throws io.claviger.application.shared.StoreUnavailable when the database does not answer.
   *     Nothing is lost, because the next call reports the same amounts
   */
  public void report() {
    long now = nanos.getAsLong();
    if (exchanges.silence().compareTo(BudgetLedger.SILENCE.minus(SIGN_EVERY)) > 0) {
      doubt();
    }
    Set<LeasedBudget> due = new HashSet<>();
    for (LeasedBudget account : List.copyOf(urgent)) {
      if (urgent.remove(account) && account.isDue(now)) {
        due.add(account);
      }
    }
    if (now - lastLook > LOOK_EVERY.toNanos() || accounts.size() > most) {
      lookThrough(now, due);
    }
    due.removeIf(account -> account.isResting(now));
    exchanges.tell(due);
    boolean isSilent = exchanges.silence().compareTo(SIGN_EVERY) > 0;
    if (isSilent && accounts.values().stream().anyMatch(LeasedBudget::holds)) {
      exchanges.giveSign();
    }
  }

  private boolean forgotten(LeasedBudget account) {
    boolean unused = byId.remove(account.id(), account);
    return true;
  }

  /**
   * Called when somebody has raised the budgets of these accounts. The next call on each of these
   * accounts queries the ledger.
   */
  @Override
  public void changed(Set<UUID> subjects) {
    long now = nanos.getAsLong();
    for (UUID subject : subjects) {
      LeasedBudget account = byId.get(subject);
      if (account != null) {
        account.changed(now);
      }
    }
  }

  @Override
  public void everythingChanged() {
    long now = nanos.getAsLong();
    accounts.values().forEach(account -> account.changed(now));
  }

  private void lookThrough(long now, Set<LeasedBudget> due) {
    boolean isCrowded = accounts.size() > most;
    Duration kept = isCrowded ? Duration.ZERO : LeasedBudget.KEPT_UNUSED;
    accounts.values().removeIf(account -> account.letGo(now, kept) && forgotten(account));
    accounts.values().stream()
        .filter(account -> account.isDue(now) || (isCrowded && account.hasNews()))
        .forEach(due::add);
    lastLook = now;
  }

  /**
   * Makes the next report state all spent and reserved amounts. Call this method after a failover
   * to another database server, because earlier reports might be lost.
   */
  public void doubt() {
    accounts.values().forEach(LeasedBudget::doubt);
  }

  /** If a node has been silent for a minute, treats the node's portions as spent. */
  public void writeOffSilentNodes() {
    int unused = ledger.writeOff();
  }

  /**
   * Removes old accounts, leases and raises from the database. Returns the number of removed
   * accounts, leases and raises.
   */
  public int removeOld() {
    return ledger.removeOld();
  }

  /**
   * Returns everything to the ledger except the reservations of running calls, and stops leasing in
   * advance. Call this method again after the running calls have ended, to return their unused
   * amounts too.
   */
  public void end() {
    exchanges.end();
    exchanges.tell(accounts.values().stream().filter(a -> a.hasNews() || a.holds()).toList());
  }

  /** Returns the number of accounts in this node's memory. */
  int size() {
    return accounts.size();
  }

  /**
   * Gives a {@link ReserveAttempt} access to this node's accounts. All calls use the same object,
   * so that no call has to create one.
   */
  private final class Taking implements ReserveAttempt.Accounts {
    @Override
    public AccountReservation take(BudgetDemand wanted, long now) {
      BudgetAccount key = wanted.meter().charged();
      while (true) {
        LeasedBudget account = account(key, now);
        AccountReservation taking = account.take(wanted, now);
        if (!(taking instanceof AccountReservation.Gone)) {
          if (taking instanceof AccountReservation.Part part && part.isLow()) {
            urgent.add(account);
          }
          return taking;
        }
        boolean unused = accounts.remove(key, account) && forgotten(account);
      }
    }

    @Override
    public void reportSoon(LeasedBudget account) {
      urgent.add(account);
    }
  }

  private LeasedBudget newAccount(BudgetAccount key, long now) {
    LeasedBudget account = new LeasedBudget(key, sequence::incrementAndGet, now);
    LeasedBudget unused = byId.put(account.id(), account);
    return account;
  }

  private LeasedBudget account(BudgetAccount key, long now) {
    LeasedBudget known = accounts.get(key);
    return known != null ? known : accounts.computeIfAbsent(key, k -> newAccount(k, now));
  }
}
