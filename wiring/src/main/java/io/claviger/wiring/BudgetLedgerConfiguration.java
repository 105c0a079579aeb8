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
   * The ledger uses the database connections of gateway calls, because gateway calls wait for the
   * ledger. The earlier charges of large groups are, however, added up on the connections for the
   * API, because adding them up can take minutes.
   */
  @Bean
  BudgetLedger budgetLedger(Connections connections) {
    return new JdbcBudgetLedger(
        new Database(connections.calls()), new Database(connections.pool()));
  }

  @Bean
  BudgetReservations budgetReservations(BudgetLedger ledger) {
    return new BudgetReservations(ledger, System::nanoTime);
  }

  /**
   * Reports the spent amounts to the database. The pause between two reports is short: only after
   * the next report of this node can other nodes use the leased amounts that this node does not
   * need. When a budget is nearly used up, other nodes soon need these amounts. When the node
   * stops, it returns all leased amounts that it has not spent.
   */
  @Bean
  Upkeep spendingReports(BudgetReservations budgets) {
    return Upkeep.each(Duration.ofMillis(40), "upkeep-budgets", budgets::report)
        .ending(budgets::end);
  }

  /**
   * If another node is no longer live, counts all amounts that the other node had leased as spent.
   */
  @Bean
  Upkeep deadNodes(BudgetReservations budgets) {
    return Upkeep.each(Duration.ofSeconds(10), "upkeep-dead-nodes", budgets::writeOffSilentNodes);
  }

  @Bean
  Upkeep oldBudgets(BudgetReservations budgets) {
    return Upkeep.removing("old-budgets", budgets::removeOld);
  }
}
