package io.claviger.wiring;

import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.budgets.port.BudgetLedger;
import io.claviger.persistence.budgets.JdbcBudgetLedger;
import io.claviger.persistence.shared.Database;
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
}
