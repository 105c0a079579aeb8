package io.claviger.application.budgets;

import io.claviger.domain.budgets.BudgetMeter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** One call's attempt to reserve all that it wants. Each attempt is for one thread. */
final class ReserveAttempt {
  private static final ReserveDecision UNKNOWN = new ReserveDecision.Unknown();

  /** Takes what a call wants from one account. */
  interface Take {
    AccountReservation of(BudgetDemand wanted, long now);
  }

  private final List<BudgetDemand> wanted;
  private final Take take;
  private final Consumer<LeasedBudget> urgent;
  private final List<AccountReservation> takings;

  /**
   * @param urgent takes accounts that should be reported to the ledger soon
   */
  ReserveAttempt(List<BudgetDemand> wanted, Take take, Consumer<LeasedBudget> urgent) {
    this.wanted = wanted;
    this.take = take;
    this.urgent = urgent;
    this.takings = new ArrayList<>(wanted.size());
  }

  /**
   * Takes what the call wants from each account from which nothing was taken yet. Empty while the
   * ledger has to be asked; after a refusal nothing is reserved.
   */
  Optional<ReserveDecision> take(long now) {
    for (int n = 0; n < wanted.size(); n++) {
      if (n == takings.size()) {
        takings.add(take.of(wanted.get(n), now));
      } else if (!(takings.get(n) instanceof AccountReservation.Part)) {
        takings.set(n, take.of(wanted.get(n), now));
      }
    }
    return decision();
  }

  private Optional<ReserveDecision> decision() {
    boolean isComplete = true;
    for (int n = 0; n < wanted.size(); n++) {
      if (takings.get(n) instanceof AccountReservation.Refused refused) {
        return Optional.of(exhausted(n, refused));
      }
      isComplete &= takings.get(n) instanceof AccountReservation.Part;
    }
    return isComplete ? Optional.of(new ReserveDecision.Reserved(reservation())) : Optional.empty();
  }

  /** What the ledger has to grant before the attempt can succeed. */
  Map<LeasedBudget, Need> needs() {
    Map<LeasedBudget, Need> needs = new HashMap<>();
    for (int n = 0; n < wanted.size(); n++) {
      if (takings.get(n) instanceof AccountReservation.Lacking lacking) {
        Need unused = needs.merge(lacking.account(), Need.of(wanted.get(n)), Need::and);
      }
    }
    return needs;
  }

  /** Reserves nothing, because the ledger cannot be asked. */
  ReserveDecision givenUp() {
    release();
    return UNKNOWN;
  }

  /** Reserves nothing, because others took again and again what the ledger had granted. */
  ReserveDecision refused(long now) {
    for (int n = 0; n < wanted.size(); n++) {
      if (takings.get(n) instanceof AccountReservation.Lacking lacking) {
        return exhausted(n, lacking.account().refusal(wanted.get(n), now));
      }
    }
    throw new IllegalStateException("nothing is lacking");
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

  /** Returns what was taken. */
  void release() {
    reservation().close();
    takings.clear();
  }

  private Reservation reservation() {
    List<AccountReservation.Part> parts = new ArrayList<>(takings.size());
    for (AccountReservation taking : takings) {
      if (taking instanceof AccountReservation.Part part) {
        parts.add(part);
      }
    }
    return new CallReservation(parts, urgent);
  }

  /** What a call has reserved, by the accounts of this node. */
  private static final class CallReservation implements Reservation {
    private final List<AccountReservation.Part> parts;
    private final Consumer<LeasedBudget> urgent;
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * @param parts not changed by the caller any more
     * @param urgent takes accounts that should be reported to the ledger soon
     */
    CallReservation(List<AccountReservation.Part> parts, Consumer<LeasedBudget> urgent) {
      this.parts = parts;
      this.urgent = urgent;
    }

    @Override
    public Optional<BudgetLeft> left() {
      Optional<BudgetLeft> least = Optional.empty();
      for (AccountReservation.Part part : parts) {
        BudgetMeter meter = part.demand().meter();
        OptionalLong left = meter.shownToCaller() ? part.account().left() : OptionalLong.empty();
        if (left.isPresent()) {
          BudgetLeft each = new BudgetLeft(meter.budget(), left.getAsLong());
          least = least.isEmpty() || each.isLessThan(least.get()) ? Optional.of(each) : least;
        }
      }
      return least;
    }

    @Override
    public void settle(ToLongFunction<BudgetMeter> amounts) {
      if (!ended.compareAndSet(false, true)) {
        return;
      }
      for (AccountReservation.Part part : parts) {
        long charge = Math.max(0, amounts.applyAsLong(part.demand().meter()));
        if (part.account().settle(part.lease(), part.demand(), charge)) {
          urgent.accept(part.account());
        }
      }
    }
  }
}
