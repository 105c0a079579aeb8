package io.claviger.application.budgets;

/**
 * What calls wait for of one account.
 *
 * @param budget the smallest amount of the budget that one of the calls goes by
 * @param sum of what the calls want
 * @param smallest of what the calls want
 */
record Need(long budget, long sum, long smallest) {
  static Need of(BudgetDemand wanted) {
    return new Need(wanted.meter().budget().amount(), wanted.amount(), wanted.amount());
  }

  Need and(Need other) {
    long all = sum + other.sum;
    return new Need(
        Math.min(budget, other.budget),
        all < 0 ? Long.MAX_VALUE : all,
        Math.min(smallest, other.smallest));
  }
}
