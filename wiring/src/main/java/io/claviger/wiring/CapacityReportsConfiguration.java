package io.claviger.wiring;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.capacity.CapacityReports;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.persistence.capacity.JdbcCapacityRecords;
import io.claviger.persistence.shared.Database;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CapacityReportsConfiguration {
  @Bean
  CapacityReports capacityReports(
      Database database, InstanceStore services, UserStore users, InstantSource clock) {
    return CapacityReports.of(services, users, new JdbcCapacityRecords(database), clock);
  }
}
