package io.claviger.wiring;

import io.claviger.application.retention.port.MonthPartitions;
import io.claviger.persistence.retention.JdbcMonthPartitions;
import io.claviger.persistence.shared.Database;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RetentionConfiguration {
  @Bean
  MonthPartitions monthPartitions(Database database) {
    return new JdbcMonthPartitions(database);
  }
}
