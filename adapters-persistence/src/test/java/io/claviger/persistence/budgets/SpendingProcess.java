package io.claviger.persistence.budgets;

import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.persistence.shared.Database;

/** A process of nodes that spend one budget each, by one or more callers, until it is killed. */
final class SpendingProcess {
  private SpendingProcess() {}

  /**
   * Prints its process id, and then what {@link LastDollar} prints.
   *
   * @param args the URL of the database, how many callers spend each budget, and the names of the
   *     budgets
   */
  public static void main(String[] args) {
    HikariDataSource source = new HikariDataSource();
    source.setJdbcUrl(args[0]);
    JdbcBudgetLedger ledger = new JdbcBudgetLedger(new Database(source));
    System.out.println(ProcessHandle.current().pid());
    int callers = Integer.parseInt(args[1]);
    for (int n = 2; n < args.length; n++) {
      BudgetReservations node = new BudgetReservations(ledger, System::nanoTime);
      for (int caller = 0; caller < callers; caller++) {
        LastDollar dollar = new LastDollar(args[n], node, 100L * n + caller);
        Thread unused = Thread.ofPlatform().start(() -> dollar.spendForEver(System.out::println));
      }
    }
  }
}
