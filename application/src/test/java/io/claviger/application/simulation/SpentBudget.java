package io.claviger.application.simulation;

/**
 * What became of a budget that callers used up. Amounts are in nano-dollars.
 *
 * @param billed what the provider bills for all calls that passed
 * @param settled what the ledger has charged in the end
 * @param atFirstRefusal what was charged for the calls that had passed before one was refused, and
 *     for what killed nodes held
 * @param calls how many passed
 * @param mistaken how many calls were charged another amount than the provider bills, although the
 *     provider stated their usage
 */
record SpentBudget(
    long budget, long billed, long settled, long atFirstRefusal, long calls, long mistaken) {
  /** How far the budget was exceeded, in percent; 0 if it was not. */
  double exceeded() {
    return Math.max(0, 100.0 * (Math.max(billed, settled) - budget) / budget);
  }

  double usedAtFirstRefusal() {
    return 100.0 * atFirstRefusal / budget;
  }
}
