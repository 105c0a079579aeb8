package io.claviger.application.budgets;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** A call's attempt to reserve all amounts that it wants. Not thread-safe. */
final class ReserveAttempt {
  private static final ReserveDecision UNKNOWN = new ReserveDecision.Unknown();

  /** The accounts of this node. */
  interface Accounts {
    /** Takes from an account the amount that a call needs. */
    AccountReservation take(BudgetDemand wanted, long now);

    /** Records that the account has to be reported to the ledger soon. */
    void reportSoon(LeasedBudget account);
  }

  private final List<BudgetDemand> wanted;
  private final Accounts accounts;

  /** The result of each demand; null if the demand has not been tried yet. */
  private final @Nullable AccountReservation[] takings;

  ReserveAttempt(List<BudgetDemand> wanted, Accounts accounts) {
    this.wanted = wanted;
    this.accounts = accounts;
    this.takings = new AccountReservation[wanted.size()];
  }

  /**
   * Takes the needed amount from each account from which the attempt has not taken anything yet.
   * Empty if the node first has to lease more from the ledger. After a refusal, nothing is
   * reserved.
   */
  Optional<ReserveDecision> take(long now) {
    for (int n = 0; n < takings.length; n++) {
      if (!(takings[n] instanceof AccountReservation.Part)) {
        takings[n] = accounts.take(wanted.get(n), now);
      }
    }
    return decision();
  }

  private Optional<ReserveDecision> decision() {
    boolean isComplete = true;
    for (int n = 0; n < wanted.size(); n++) {
      if (takings[n] instanceof AccountReservation.Refused refused) {
        return Optional.of(exhausted(n, refused));
      }
      isComplete &= takings[n] instanceof AccountReservation.Part;
    }
    return isComplete ? Optional.of(new ReserveDecision.Reserved(reservation())) : Optional.empty();
  }

  /** Returns the amounts that the ledger has to grant for the attempt to succeed. */
  Map<LeasedBudget, Need> needs() {
    Map<LeasedBudget, Need> needs = new HashMap<>();
    for (int n = 0; n < wanted.size(); n++) {
      if (takings[n] instanceof AccountReservation.Lacking lacking) {
        Need unused = needs.merge(lacking.account(), Need.of(wanted.get(n)), Need::and);
      }
    }
    return needs;
  }

  /** Releases all amounts that were taken, because the ledger could not be queried. */
  ReserveDecision givenUp() {
    release();
    return UNKNOWN;
  }

  /**
   * Releases all amounts that were taken, because other calls have repeatedly used up what the
   * ledger had granted.
   */
  ReserveDecision refused(long now) {
    for (int n = 0; n < wanted.size(); n++) {
      if (takings[n] instanceof AccountReservation.Lacking lacking) {
        return exhausted(n, lacking.account().refusal(wanted.get(n), now));
      }
    }
    throw new IllegalStateException("no budget lacks anything");
  }

  private ReserveDecision exhausted(int n, AccountReservation.Refused refused) {
    release();
    long most = Math.max(0, wanted.get(n).amount() - 1);
    return new ReserveDecision.Exhausted(
        wanted.get(n).meter(),
        wanted.get(n).amount(),
        Math.min(refused.left(), most),
        refused.windowEnds());
  }

  /** Returns to the accounts all amounts that were taken from them. */
  void release() {
    reservation().close();
    Arrays.fill(takings, null);
  }

  private Reservation reservation() {
    return new CallReservation(takings, accounts);
  }

  /** The amounts that a call has reserved from this node's accounts. */
  private static final class CallReservation implements Reservation {
    private final @Nullable AccountReservation[] takings;
    private final Accounts accounts;
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * @param takings the reserved amounts; the caller must not change the list afterwards
     */
    CallReservation(@Nullable AccountReservation[] takings, Accounts accounts) {
      this.takings = takings;
      this.accounts = accounts;
    }

    @Override
    public Optional<BudgetLeft> left() {
      AccountReservation.Part nearest = null;
      for (AccountReservation taking : takings) {
        if (taking instanceof AccountReservation.Part part
            && part.demand().meter().shownToCaller()
            && (nearest == null || part.leftOfWhole() < nearest.leftOfWhole())) {
          nearest = part;
        }
      }
      return nearest == null
          ? Optional.empty()
          : Optional.of(new BudgetLeft(nearest.demand().meter(), nearest.left()));
    }

    @Override
    public void settle(ToLongFunction<BudgetDemand> amounts) {
      if (!ended.compareAndSet(false, true)) {
        return;
      }
      settle(amounts, 0);
    }

    /** Settles the other parts even if settling one of them throws an exception. */
    private void settle(ToLongFunction<BudgetDemand> amounts, int from) {
      if (from < takings.length) {
        try {
          if (takings[from] instanceof AccountReservation.Part part) {
            settle(amounts, part);
          }
        } finally {
          settle(amounts, from + 1);
        }
      }
    }

    /** If the charge can't be computed, the budget is charged with the whole reservation. */
    private void settle(ToLongFunction<BudgetDemand> amounts, AccountReservation.Part part) {
      long charge = part.demand().amount();
      try {
        charge = Math.max(0, amounts.applyAsLong(part.demand()));
      } finally {
        if (part.account().settle(part.lease(), part.demand(), charge)) {
          accounts.reportSoon(part.account());
        }
      }
    }
  }
}
