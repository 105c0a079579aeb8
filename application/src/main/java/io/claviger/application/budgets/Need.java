package io.claviger.application.budgets;

/**
 * The amounts that waiting calls need from an account.
 *
 * @param budget the amount of the budget; if the calls know different amounts, the smallest of
 *     these amounts
 * @param sum the sum of the wanted amounts
 * @param smallest the smallest amount that a call wants
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
