package io.claviger.wiring;

import io.claviger.application.retention.RetentionPolicies;
import io.claviger.application.retention.port.MonthPartitions;
import io.claviger.application.retention.port.RetentionPolicyStore;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.domain.retention.RetentionPolicy;
import io.claviger.persistence.retention.JdbcMonthPartitions;
import io.claviger.persistence.retention.JdbcRetentionPolicy;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.PatientTurn;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RetentionConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(RetentionConfiguration.class);

  /**
   * The number of attempts in a row that may find the tables in use before the task counts as
   * failed.
   */
  private static final int MOST_CONFLICTS = 10;

  @Bean
  MonthPartitions monthPartitions(Database database) {
    return new JdbcMonthPartitions(database);
  }

  @Bean
  RetentionPolicyStore retentionPolicyStore(Database database) {
    return new JdbcRetentionPolicy(database);
  }

  @Bean
  RetentionPolicies retentionPolicies(
      RetentionPolicyStore store, RetentionPolicy bounds, AuditedChanges changes) {
    return RetentionPolicies.of(store, bounds, changes);
  }

  /**
   * Creates the partitions for the coming months. If this fails, nothing is lost: the default
   * partition stores the rows of a month without a partition.
   */
  @Bean
  Upkeep comingMonths(MonthPartitions partitions) {
    return Upkeep.of(
        "upkeep-partitions",
        new PatientTurn(
            () -> {
              int made = partitions.makeAhead();
              if (made > 0) {
                LOG.info("{} partitions were made for the coming months", made);
              }
              partitions.describe();
              return Duration.ofHours(1);
            },
            MOST_CONFLICTS,
            System::nanoTime));
  }
}
