package io.claviger.wiring;

import io.claviger.application.bills.Bills;
import io.claviger.application.bills.port.BillStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.persistence.bills.JdbcBills;
import io.claviger.persistence.shared.Database;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class BillsConfiguration {
  @Bean
  BillStore billStore(Database database) {
    return new JdbcBills(database);
  }

  @Bean
  Bills bills(InstanceStore services, BillStore bills, AuditedChanges changes) {
    return Bills.of(services, bills, changes);
  }
}
