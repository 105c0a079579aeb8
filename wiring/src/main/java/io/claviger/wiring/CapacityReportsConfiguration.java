package io.claviger.wiring;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.capacity.BusiestCapacities;
import io.claviger.application.capacity.CapacityReports;
import io.claviger.application.capacity.port.CapacityRecords;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.persistence.capacity.JdbcCapacityRecords;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CapacityReportsConfiguration {
  @Bean
  CapacityRecords capacityRecords(Database database) {
    return new JdbcCapacityRecords(database);
  }

  @Bean
  CapacityReports capacityReports(
      CapacityRecords records, InstanceStore services, UserStore users, InstantSource clock) {
    return CapacityReports.of(services, users, records, clock);
  }

  @Bean
  BusiestCapacities busiestCapacities(CapacityRecords records) {
    return new BusiestCapacities(records);
  }

  @Bean
  Upkeep shownCapacities(BusiestCapacities capacities) {
    return Upkeep.each(
        Duration.ofSeconds(15), "upkeep-expired", "upkeep-busy-capacities", capacities::show);
  }
}
