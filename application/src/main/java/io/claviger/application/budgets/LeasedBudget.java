package io.claviger.application.budgets;

import io.claviger.application.budgets.port.BudgetLedger.BudgetAccountState;
import io.claviger.application.budgets.port.BudgetLedger.Demand;
import io.claviger.application.budgets.port.BudgetLedger.LedgerExchange;
import io.claviger.application.budgets.port.BudgetLedger.Window;
import io.claviger.domain.Amounts;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetAccount;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.PoolFairness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * The amount of a budget account that this node has leased from the database. Calls reserve from
 * the lease of the current window. Leases of past windows stay until their calls have ended.
 */
final class LeasedBudget {
  /**
   * The time for which a lease may be used after an answer of the ledger. After this time, less of
   * the budget might be left than the ledger's last answer stated.
   */
  static final Duration LONGEST_USE = Duration.ofSeconds(10);

  /** A lease in use is renewed this long before the end of {@link #LONGEST_USE}. */
  private static final Duration AHEAD = Duration.ofSeconds(3);

  /**
   * The interval at which this node reports its spending to the ledger, unless other nodes need the
   * report sooner. Together with {@link BudgetReservations#LOOK_EVERY}, this interval limits the
   * age of the shown budget figures to one second.
   */
  static final Duration REPORTED_EVERY = Duration.ofMillis(600);

  /** If no calls are made for this time, the part of the lease for future calls is returned. */
  static final Duration IDLE_AFTER = Duration.ofSeconds(5);

  /** The time for which an unused account is kept. */
  static final Duration KEPT_UNUSED = Duration.ofSeconds(30);

  /**
   * The time for which calls are refused without a query while another node might return a part of
   * the budget.
   */
  static final Duration REFUSED_FOR = Duration.ofMillis(100);

  /** The time for which calls are refused without a query if the whole budget is spent. */
  static final Duration REFUSED_FOR_LONG = Duration.ofSeconds(1);

  /**
   * A node leases more than it needs only if this many calls still fit into the remaining amount.
   */
  private static final int SCARCE = 16;

  private final BudgetAccount account;
  private final LongSupplier sequence;
  private final Pace pace;
  private final List<WindowLease> former = new ArrayList<>(1);
  private final Map<User.Id, Held> heldBy = new HashMap<>();
  private WindowLease current;
  private boolean answered;
  private long budget;
  private long grantedBy;
  private long refilledBelow;
  private long left;
  private long goodUntil;
  private long refusedUntil;
  private long lastUse;
  private long lastExchange;
  private boolean changed;
  private long changedAt;
  private boolean gone;
  private long restsUntil;
  private Optional<RefusedCaller> lastRefused = Optional.empty();
  private Optional<RefusedCaller> refusedBefore = Optional.empty();

  /**
   * @param sequence the function that returns the next number for an exchange of this node
   */
  LeasedBudget(BudgetAccount account, LongSupplier sequence, long now) {
    this.account = account;
    this.sequence = sequence;
    this.pace = new Pace(now);
    this.current = new WindowLease(sequence.getAsLong(), Optional.empty());
    this.lastUse = now;
    this.lastExchange = now;
    this.restsUntil = now;
  }

  UUID id() {
    return account.id();
  }

  /**
   * Returns the account if its current window might not exist yet, because the ledger has not
   * answered for it.
   */
  synchronized Optional<BudgetAccount> unopened() {
    return current.window().isPresent() ? Optional.empty() : Optional.of(account);
  }

  synchronized AccountReservation take(BudgetDemand wanted, long now) {
    if (gone) {
      return AccountReservation.GONE;
    }
    lastUse = now;
    long most = wanted.meter().budget().amount();
    long amount = wanted.amount();
    if (!isGood(now) || most < grantedBy) {
      return new AccountReservation.Lacking(this);
    }
    Held by = wanted.caller().isEmpty() ? null : heldBy.get(wanted.caller().get());
    long held = by == null ? 0 : by.amount;
    if (!PoolFairness.allows(held, amount, leftWithCalls(), othersRefused(wanted.caller(), now))) {
      return new AccountReservation.Refused(
          Math.min(fitting(), PoolFairness.most(held, leftWithCalls())), windowEnds());
    }
    if (left >= 0 && amount <= current.free()) {
      current.reserve(amount);
      noteMost(wanted);
      if (by != null) {
        by.amount += amount;
      } else if (wanted.caller().isPresent()) {
        Held unused = heldBy.put(wanted.caller().get(), new Held(amount));
      }
      pace.note(amount, now);
      return new AccountReservation.Part(
          this, current, wanted, fitting(), current.free() < refilledBelow);
    }
    return isRefused(most, amount, now)
        ? refusal(wanted, now)
        : new AccountReservation.Lacking(this);
  }

  private void noteMost(BudgetDemand wanted) {
    Budget of = wanted.meter().budget();
    if (of.bound() == BudgetBound.MEASURED && of.unit() != BudgetUnit.REQUESTS) {
      current.noteMost(wanted.most());
    }
  }

  /**
   * The reservations of a caller's running calls. Mutable, because the reserved amount changes with
   * each call.
   */
  private static final class Held {
    private long amount;

    Held(long amount) {
      this.amount = amount;
    }
  }

  private long leftWithCalls() {
    return fitting() + current.reserved();
  }

  private boolean othersRefused(Optional<User.Id> caller, long now) {
    return caller.isPresent()
        && (isOther(lastRefused, caller.get(), now) || isOther(refusedBefore, caller.get(), now));
  }

  /**
   * Whether a call of another caller was refused recently. Uses no streams, because this method
   * runs for each call and budget.
   */
  private static boolean isOther(Optional<RefusedCaller> refused, User.Id caller, long now) {
    return refused.isPresent()
        && !refused.get().caller().equals(caller)
        && now - refused.get().at() < PoolFairness.AFTER_REFUSAL.toNanos();
  }

  /** A caller whose call was refused only because of other calls' reservations. */
  private record RefusedCaller(User.Id caller, long at) {}

  /**
   * Remembers the last two different callers who were refused. So for any caller, at least one of
   * the two is somebody else.
   */
  private void noteRefused(User.Id caller, long now) {
    if (lastRefused.filter(one -> !one.caller().equals(caller)).isPresent()) {
      refusedBefore = lastRefused;
    }
    lastRefused = Optional.of(new RefusedCaller(caller, now));
  }

  /**
   * Whether a call is refused without querying the ledger. While a report to the ledger is in
   * flight, nothing is refused. The report might return a part of the budget, and nobody can use
   * this part before the ledger has answered.
   */
  private boolean isRefused(long most, long amount, long now) {
    return most == grantedBy
        && now - refusedUntil < 0
        && !current.isUncertain()
        && amount > fitting();
  }

  private boolean isGood(long now) {
    return answered && !changed && now - goodUntil < 0;
  }

  /** Returns the amount that further calls can reserve, according to the ledger's last answer. */
  private long fitting() {
    return left < 0 ? 0 : left + Math.max(0, current.free());
  }

  private Optional<Instant> windowEnds() {
    return current.window().flatMap(Window::end);
  }

  /**
   * Refuses a call. The refusal states the amount that the ledger would grant, according to the
   * ledger's last answer.
   */
  synchronized AccountReservation.Refused refusal(BudgetDemand wanted, long now) {
    if (wanted.amount() <= leftWithCalls()) {
      wanted.caller().ifPresent(caller -> noteRefused(caller, now));
    }
    return new AccountReservation.Refused(fitting(), windowEnds());
  }

  /** Ends a reservation. Returns whether the account should be reported to the ledger soon. */
  synchronized boolean settle(WindowLease lease, BudgetDemand reserved, long charge) {
    lease.settle(reserved.amount(), charge);
    if (reserved.caller().isPresent()) {
      returned(reserved.caller().get(), reserved.amount());
    }
    return lease == current && isUrgent();
  }

  /**
   * If no other caller has running calls, the caller's entry stays, because the next call probably
   * comes from this caller.
   */
  private void returned(User.Id caller, long amount) {
    Held held = heldBy.get(caller);
    if (held != null) {
      held.amount = Amounts.difference(held.amount, amount);
      if (held.amount == 0 && heldBy.size() > 1) {
        Held unused = heldBy.remove(caller);
      }
    }
  }

  /** Whether this node can return an amount that other nodes might need. */
  private boolean isUrgent() {
    return current.free() > 0 && (left < 0 || isScarce());
  }

  private boolean isScarce() {
    return left + current.free() < SCARCE * (double) pace.ofOneCall();
  }

  /** Whether the part of the lease for future calls should be returned. */
  private boolean isIdle(long now) {
    return now - lastUse > IDLE_AFTER.toNanos();
  }

  /**
   * Whether a lease in use should be enlarged or renewed now, so that no call has to wait for the
   * ledger.
   */
  synchronized boolean isRunningOut(long now) {
    long portion = pace.portion(now);
    return answered
        && portion >= 4 * (double) pace.ofOneCall()
        && (goodUntil - now < AHEAD.toNanos()
            || (left > 0 && !isScarce() && current.free() < portion / 4));
  }

  /** Whether a report to the ledger is due now. */
  synchronized boolean isDue(long now) {
    boolean isLate = now - lastExchange > REPORTED_EVERY.toNanos();
    return isUrgent()
        || current.isUncertain()
        || isRunningOut(now)
        || (isLate && current.hasNews())
        || (isIdle(now) && current.free() > 0)
        || hasFormerNews();
  }

  /** Leaves this account out of reports until a certain time, so that it delays no other report. */
  synchronized void restUntil(long until) {
    restsUntil = until;
  }

  synchronized boolean isResting(long now) {
    return now - restsUntil < 0;
  }

  /** Whether some spent or returned amounts have not been reported to the ledger yet. */
  synchronized boolean hasNews() {
    return current.hasNews() || hasFormerNews();
  }

  private boolean hasFormerNews() {
    return former.stream().anyMatch(WindowLease::hasLastNews);
  }

  /**
   * Makes the next exchange correct the ledger, because the ledger might have written off this
   * node's leases.
   */
  synchronized void doubt() {
    current.doubt();
    former.forEach(WindowLease::doubt);
  }

  /** Makes the next call query the ledger, because the ledger's limit might have changed. */
  synchronized void changed(long now) {
    changed = true;
    changedAt = now;
  }

  /** Whether the ledger counts any amount as reserved by this node. */
  synchronized boolean holds() {
    return current.holds() || former.stream().anyMatch(WindowLease::holds);
  }

  /**
   * Adds statements for the ledger: the amounts that this node has spent and leased, and the
   * further amounts for waiting and future calls.
   *
   * @param ending whether the node stops and therefore needs nothing for future calls
   */
  synchronized void state(Optional<Need> need, boolean ending, long now, List<Stated> all) {
    Iterator<WindowLease> each = former.iterator();
    while (each.hasNext()) {
      WindowLease lease = each.next();
      if (lease.isOver()) {
        each.remove();
      } else if (lease.hasLastNews()) {
        all.add(stated(lease, 0, Demand.none(budget)));
      }
    }
    budget = need.map(Need::budget).orElse(budget);
    long waiting = need.map(Need::sum).orElse(0L);
    long ahead = ending || left < 0 || isIdle(now) || isScarce() ? 0 : ahead(need, now);
    // Callers determine how much a call wants, up to the largest number. So the sum must not
    // overflow.
    long both = Amounts.sum(waiting, Amounts.product(2, ahead));
    long keep = left < 0 ? 0 : Math.min(current.free(), both);
    long needed = beyond(keep, waiting);
    long smallest =
        needed == 0 ? 0 : Math.max(1, beyond(keep, need.map(Need::smallest).orElse(0L)));
    long extra = Amounts.difference(ahead, Amounts.difference(Math.max(0, keep), waiting));
    all.add(stated(current, keep, new Demand(budget, needed, smallest, extra)));
  }

  /**
   * Returns the amount to lease for future calls. If calls wait, the caller has probably begun to
   * call again after a pause, and is assumed to call as often as before the pause.
   */
  private long ahead(Optional<Need> need, long now) {
    return need.isPresent() ? pace.portionAfterPause(now) : pace.portion(now);
  }

  /**
   * Returns the amount by which the needed amount exceeds the kept amount.
   *
   * @param kept the kept amount; negative if the running calls have reserved more than is leased
   */
  private static long beyond(long kept, long needed) {
    return kept < 0 ? Amounts.sum(needed, -kept) : Amounts.difference(needed, kept);
  }

  private Stated stated(WindowLease lease, long keep, Demand demand) {
    return new Stated(this, lease, lease.state(account, sequence.getAsLong(), keep, demand));
  }

  /** A statement for the ledger about a lease. */
  record Stated(LeasedBudget budget, WindowLease lease, LedgerExchange exchange) {}

  /**
   * Applies the ledger's answer.
   *
   * @param began the time at which the exchange began
   */
  synchronized void apply(Stated stated, BudgetAccountState answer, long began) {
    WindowLease lease = stated.lease();
    lease.apply(stated.exchange(), answer);
    if (lease != current) {
      return;
    }
    lastExchange = began;
    changed = changed && began - changedAt <= 0;
    grantedBy = stated.exchange().demand().budget();
    refilledBelow = pace.portion(began) / 4;
    left = answer.left();
    goodUntil = began + Math.min(answer.goodFor().toNanos(), LONGEST_USE.toNanos());
    boolean othersHold = answer.reserved() > answer.held();
    refusedUntil = began + (othersHold ? REFUSED_FOR : REFUSED_FOR_LONG).toNanos();
    answered = answer.known() && answer.goodFor().isPositive();
    if (!answered) {
      left = 0;
      former.add(current);
      // A window that has not ended stays the current window, even if the ledger has dropped the
      // lease.
      Optional<Instant> after =
          answer.goodFor().isPositive() ? current.after() : answer.window().end();
      current = new WindowLease(sequence.getAsLong(), after);
    }
  }

  /**
   * Drops the account if neither calls nor the ledger need the account. Calls that still have a
   * reference to this object can then no longer reserve from it.
   *
   * @param unusedFor the minimum time since the last use
   */
  synchronized boolean letGo(long now, Duration unusedFor) {
    former.removeIf(WindowLease::isOver);
    gone = gone || (now - lastUse > unusedFor.toNanos() && former.isEmpty() && current.isOver());
    return gone;
  }

  /** The rate at which the calls of a node use up an account. This class is not thread-safe. */
  private static final class Pace {
    /** The rate hardly depends on calls that are several times older than this duration. */
    private static final double MEMORY_NANOS = Duration.ofSeconds(2).toNanos();

    /** After a pause of this duration, a third of the earlier rate is still expected. */
    private static final double LONG_MEMORY_NANOS = Duration.ofSeconds(30).toNanos();

    private static final long AT_ONCE_NANOS = Duration.ofMillis(1).toNanos();

    private double recent;
    private double before;
    private long largest;
    private long at;

    Pace(long now) {
      this.at = now;
    }

    /** Records the amount that a call wanted. */
    void note(long amount, long now) {
      if (now - at >= AT_ONCE_NANOS) {
        before = beforePause(now);
        recent = faded(now);
        at = now;
      }
      recent += amount;
      largest = Math.max(amount, largest / 2);
    }

    /**
     * Returns approximately the amount that the calls of the last two seconds wanted. A node that
     * leases this amount in advance rarely queries the database. The leased amount grows with the
     * rate of calls.
     */
    long portion(long now) {
      return (long) faded(now);
    }

    /**
     * Returns approximately the amount that calls wanted in the last two seconds before a pause;
     * returns less after a long pause. If there was no pause, returns the same as {@link #portion}.
     */
    long portionAfterPause(long now) {
      return (long) Math.max(faded(now), beforePause(now));
    }

    private double beforePause(long now) {
      return Math.max(recent, before) * Math.exp((at - now) / LONG_MEMORY_NANOS);
    }

    /** Returns approximately the amount of one of the larger recent calls. */
    long ofOneCall() {
      return largest;
    }

    /**
     * Returns the amount that recent calls used. Older calls have less weight. Calls within the
     * same millisecond have the same weight.
     */
    private double faded(long now) {
      return now - at < AT_ONCE_NANOS ? recent : recent * Math.exp((at - now) / MEMORY_NANOS);
    }
  }
}
