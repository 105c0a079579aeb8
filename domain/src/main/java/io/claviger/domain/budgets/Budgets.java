package io.claviger.domain.budgets;

import io.claviger.domain.InvalidValue;
import java.util.List;
import java.util.Optional;

/**
 * The budgets of one holder. A call must fit into all of them.
 *
 * @param all the budgets, at most {@link #MOST}, in the order in which they were given; no two have
 *     the same unit, window and zone
 */
public record Budgets(List<Budget> all) {
  public static final int MOST = 4;
  public static final Budgets NONE = new Budgets(List.of());

  public Budgets {
    if (all.size() > MOST) {
      throw new InvalidValue("budgets", "at most 4 budgets");
    }
    if (all.stream().map(Budget::key).distinct().count() < all.size()) {
      throw new InvalidValue("budgets", "at most one budget of the same unit, window and zone");
    }
    all = List.copyOf(all);
  }

  public boolean isNone() {
    return all.isEmpty();
  }

  /** Returns these budgets; if there are none, returns the given budgets. */
  public Budgets orElse(Budgets others) {
    return isNone() ? others : this;
  }

  /**
   * Compares this holder's budgets with the other holder's budgets that have the same unit, window
   * and zone. Returns true if each of these pairs meets {@link Budget#isWithin}. A budget that only
   * one of the holders has is ignored. In particular, this holder need not repeat the other
   * holder's budgets, because this holder's calls are charged to the other holder, too.
   */
  public boolean fitWithin(Budgets others) {
    return all.stream()
        .allMatch(mine -> others.find(mine.key()).filter(other -> !mine.isWithin(other)).isEmpty());
  }

  /**
   * Returns true if, for each budget of the other holder, this holder has a budget with the same
   * unit, window and zone, and if all these budgets of this holder meet {@link Budget#isWithin}.
   */
  public boolean areWithin(Budgets others) {
    return others.all.stream()
        .allMatch(other -> find(other.key()).filter(mine -> mine.isWithin(other)).isPresent());
  }

  /** Finds the budget with the given unit, window and zone. */
  public Optional<Budget> find(Budget.Key key) {
    return all.stream().filter(budget -> budget.key().equals(key)).findFirst();
  }
}
