package io.claviger.wiring;

import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.instances.Instances;
import io.claviger.application.projects.Projects;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.transfers.FormerReferences;
import io.claviger.application.transfers.TransferUpkeep;
import io.claviger.application.transfers.Transfers;
import io.claviger.application.transfers.port.MovedReferences;
import io.claviger.application.transfers.port.TransferStore;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.transfers.JdbcMovedReferences;
import io.claviger.persistence.transfers.JdbcOwnerChanges;
import io.claviger.persistence.transfers.JdbcTransfers;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TransfersConfiguration {
  @Bean
  TransferStore transferStore(Database database) {
    return new JdbcTransfers(database);
  }

  @Bean
  MovedReferences movedReferences(Database database) {
    return new JdbcMovedReferences(database);
  }

  @Bean
  TransferUpkeep transferUpkeep(TransferStore transfers, MovedReferences moved) {
    return new TransferUpkeep(transfers, moved);
  }

  @Bean
  Transfers transfers(
      TransferStore transfers,
      MovedReferences moved,
      Database database,
      UserStore users,
      Instances instances,
      Projects projects,
      AuditedChanges changes) {
    return Transfers.of(
        transfers, new JdbcOwnerChanges(database), moved, users, instances, projects, changes);
  }

  @Bean
  FormerReferences formerReferences(
      MovedReferences moved, Instances instances, Projects projects, AuditedChanges changes) {
    return FormerReferences.of(moved, instances, projects, changes);
  }

  @Bean
  Upkeep endedTransfers(TransferUpkeep transfers, InstantSource clock) {
    return Upkeep.storing("transfers", () -> transfers.runIfDue(clock.instant())).ending(() -> {});
  }
}
