package io.claviger.application.budgets;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** One call's attempt to reserve all that it wants. For one thread. */
final class ReserveAttempt {
  private static final ReserveDecision UNKNOWN = new ReserveDecision.Unknown();

  private final List<Wanted> wanted;
  private final Function<Wanted, Taking> take;
  private final Consumer<LeasedBudget> urgent;
  private final List<Taking> takings;

  /**
   * @param urgent takes accounts of which the ledger should be told soon
   */
  ReserveAttempt(
      List<Wanted> wanted, Function<Wanted, Taking> take, Consumer<LeasedBudget> urgent) {
    this.wanted = wanted;
    this.take = take;
    this.urgent = urgent;
    this.takings = new ArrayList<>(wanted.size());
  }

  /**
   * Takes of each account that nothing was taken of yet.
   *
   * @return empty while the ledger has to be asked; after a refusal nothing is reserved
   */
  Optional<ReserveDecision> take() {
    for (int n = 0; n < wanted.size(); n++) {
      if (n == takings.size()) {
        takings.add(take.apply(wanted.get(n)));
      } else if (!(takings.get(n) instanceof Taking.Part)) {
        takings.set(n, take.apply(wanted.get(n)));
      }
    }
    return decision();
  }

  private Optional<ReserveDecision> decision() {
    for (int n = 0; n < wanted.size(); n++) {
      if (takings.get(n) instanceof Taking.Refused refused) {
        return Optional.of(exhausted(n, refused));
      }
    }
    return takings.stream().allMatch(Taking.Part.class::isInstance)
        ? Optional.of(new ReserveDecision.Reserved(reservation()))
        : Optional.empty();
  }

  /** What the accounts lack. */
  Map<LeasedBudget, Need> needs() {
    Map<LeasedBudget, Need> needs = new HashMap<>();
    for (int n = 0; n < wanted.size(); n++) {
      if (takings.get(n) instanceof Taking.Lacking lacking) {
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
  ReserveDecision refused() {
    for (int n = 0; n < wanted.size(); n++) {
      if (takings.get(n) instanceof Taking.Lacking lacking) {
        return exhausted(n, lacking.account().refusal());
      }
    }
    throw new IllegalStateException("nothing is lacking");
  }

  private ReserveDecision exhausted(int n, Taking.Refused refused) {
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
    List<Taking.Part> parts = new ArrayList<>(takings.size());
    for (Taking taking : takings) {
      if (taking instanceof Taking.Part part) {
        parts.add(part);
      }
    }
    return new CallReservation(parts, urgent);
  }
}
