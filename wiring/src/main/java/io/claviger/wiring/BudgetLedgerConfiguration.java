package io.claviger.wiring;

import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.budgets.port.BudgetLedger;
import io.claviger.persistence.budgets.JdbcBudgetLedger;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class BudgetLedgerConfiguration {
  /**
   * Uses the same database connections as calls of the gateway, because such calls wait for the
   * ledger.
   */
  @Bean
  BudgetLedger budgetLedger(Connections connections) {
    return new JdbcBudgetLedger(new Database(connections.calls()));
  }

  @Bean
  BudgetReservations budgetReservations(BudgetLedger ledger) {
    return new BudgetReservations(ledger, System::nanoTime);
  }

  /**
   * Reports to the database the amounts that have been spent. The pause between two reports is
   * short. When a budget is nearly used up, the amount that this node does not need can be used by
   * other nodes only after this node has reported. When the node stops, it returns all amounts that
   * it has leased and not spent.
   */
  @Bean
  Upkeep spendingReports(BudgetReservations budgets) {
    return Upkeep.each(Duration.ofMillis(40), "upkeep-budgets", budgets::report)
        .ending(budgets::end);
  }

  /** Counts as spent the amounts that had been leased by nodes which are no longer live. */
  @Bean
  Upkeep deadNodes(BudgetReservations budgets) {
    return Upkeep.each(Duration.ofSeconds(10), "upkeep-dead-nodes", budgets::writeOffSilentNodes);
  }

  @Bean
  Upkeep oldBudgets(BudgetReservations budgets) {
    return Upkeep.removing("old-budgets", budgets::removeOld);
  }
}
