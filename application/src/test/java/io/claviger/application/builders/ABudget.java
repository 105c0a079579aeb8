package io.claviger.application.builders;

import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.budgets.BudgetWindow;
import io.claviger.domain.budgets.BudgetZone;
import io.claviger.domain.budgets.Budgets;
import java.util.List;
import java.util.stream.Stream;

/** Builds a budget. Unless told otherwise it is measured, and for each day in UTC. */
public final class ABudget {
  private final long amount;
  private final BudgetUnit unit;
  private BudgetWindow window = BudgetWindow.DAY;
  private BudgetZone zone = BudgetZone.UTC;
  private BudgetBound bound = BudgetBound.MEASURED;
  private boolean allowsUnpriced;

  private ABudget(long amount, BudgetUnit unit) {
    this.amount = amount;
    this.unit = unit;
  }

  public static ABudget requests(long amount) {
    return new ABudget(amount, BudgetUnit.REQUESTS);
  }

  public static ABudget tokens(long amount) {
    return new ABudget(amount, BudgetUnit.TOKENS);
  }

  public static ABudget nanoDollars(long amount) {
    return new ABudget(amount, BudgetUnit.USD);
  }

  public ABudget per(BudgetWindow length) {
    window = length;
    return this;
  }

  public ABudget in(String name) {
    zone = new BudgetZone(name);
    return this;
  }

  public ABudget strict() {
    bound = BudgetBound.STRICT;
    return this;
  }

  public ABudget allowingUnpriced() {
    allowsUnpriced = true;
    return this;
  }

  public Budget build() {
    return new Budget(amount, unit, window, zone, bound, allowsUnpriced);
  }

  /** Several budgets of one holder. */
  public static Budgets all(ABudget... each) {
    return new Budgets(Stream.of(each).map(ABudget::build).toList());
  }

  /** Budgets of all kinds, as many as one holder may have. */
  public static Budgets most() {
    return new Budgets(
        List.of(
            nanoDollars(BudgetUnit.USD.most()).per(BudgetWindow.TOTAL).allowingUnpriced().build(),
            tokens(BudgetUnit.TOKENS.most()).per(BudgetWindow.WEEK).in("Europe/Berlin").build(),
            requests(BudgetUnit.REQUESTS.most()).per(BudgetWindow.MONTH).strict().build(),
            requests(1).in("America/Argentina/Buenos_Aires").build()));
  }
}
