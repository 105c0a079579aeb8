package io.claviger.wiring;

import io.claviger.application.accounts.port.AccessTokenStore;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.budgetreports.BudgetReports;
import io.claviger.application.budgetreports.BudgetTrials;
import io.claviger.application.budgets.BudgetReservations;
import io.claviger.application.budgets.port.HolderDirectory;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.persistence.budgets.JdbcBudgetStates;
import io.claviger.persistence.budgets.JdbcChargeHistory;
import io.claviger.persistence.gateway.JdbcCallContexts;
import io.claviger.persistence.limits.JdbcAssignedLimits;
import io.claviger.persistence.shared.Database;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class BudgetReportsConfiguration {
  @Bean
  BudgetTrials budgetTrials(
      Database database,
      InstanceStore instances,
      UserStore users,
      HolderDirectory directory,
      InstantSource clock) {
    return new BudgetTrials(instances, users, new JdbcChargeHistory(database), directory, clock);
  }

  /**
   * The reports use the API's database connections, so that the reports do not delay gateway calls.
   */
  @Bean
  BudgetReports budgetReports(
      Database database,
      InstanceStore instances,
      InstanceShareStore shares,
      UserStore users,
      AccessTokenStore tokens,
      GroupStore groups,
      HolderDirectory directory,
      BudgetReservations reservations,
      AuditedChanges changes) {
    return BudgetReports.of(
        new BudgetReports.Stores(
            new JdbcCallContexts(database),
            instances,
            shares,
            users,
            tokens,
            groups,
            new JdbcAssignedLimits(database),
            new JdbcBudgetStates(database),
            directory),
        reservations,
        changes);
  }
}
