package io.claviger.wiring.node;

import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.health.TaskRecords;
import java.time.Duration;

/** The periodic tasks of budgets: they report what was spent, and count what dead nodes held. */
final class BudgetUpkeep {
  /**
   * Near the end of a budget, what one node returns is missed by others until it has reported, so
   * this is short.
   */
  private static final long REPORT_MILLIS = 40;

  private static final long WRITE_OFF_MILLIS = 10_000;

  private final BudgetReservations budgets;
  private final PeriodicTask reporting;
  private final PeriodicTask writingOff;
  private volatile boolean ending;

  private BudgetUpkeep(BudgetReservations budgets, TaskRecords records) {
    this.budgets = budgets;
    this.reporting = PeriodicTask.start("upkeep-budgets", records, this::report);
    this.writingOff = PeriodicTask.start("upkeep-dead-nodes", records, this::writeOff);
  }

  static BudgetUpkeep start(BudgetReservations budgets, TaskRecords records) {
    return new BudgetUpkeep(budgets, records);
  }

  /** Asks the tasks to stop, after the last call has ended. Then everything is returned. */
  void askToStop() {
    ending = true;
    reporting.askToStop();
    writingOff.askToStop();
  }

  /**
   * @return whether they have ended
   */
  boolean join(Duration most) {
    return reporting.join(most) && writingOff.join(most);
  }

  private long report() {
    if (ending) {
      budgets.end();
    } else {
      budgets.report();
    }
    return REPORT_MILLIS;
  }

  private long writeOff() {
    if (!ending) {
      budgets.writeOffSilentNodes();
    }
    return WRITE_OFF_MILLIS;
  }
}
