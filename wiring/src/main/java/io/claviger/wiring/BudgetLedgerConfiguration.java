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
  /** It uses the connections of calls, because calls wait for it. */
  @Bean
  BudgetLedger budgetLedger(Connections connections) {
    return new JdbcBudgetLedger(new Database(connections.calls()));
  }

  @Bean
  BudgetReservations budgetReservations(BudgetLedger ledger) {
    return new BudgetReservations(ledger, System::nanoTime);
  }

  /**
   * Reports what was spent. Near the end of a budget, what one node returns is missed by others
   * until it has reported, so the pause is short. At the end everything is returned.
   */
  @Bean
  Upkeep spendingReports(BudgetReservations budgets) {
    return Upkeep.each(Duration.ofMillis(40), "upkeep-budgets", budgets::report)
        .ending(budgets::end);
  }

  /** Counts what dead nodes held. */
  @Bean
  Upkeep deadNodes(BudgetReservations budgets) {
    return Upkeep.each(Duration.ofSeconds(10), "upkeep-dead-nodes", budgets::writeOffSilentNodes);
  }

  @Bean
  Upkeep oldBudgets(BudgetReservations budgets) {
    return Upkeep.removing("old-budgets", budgets::removeOld);
  }
}
