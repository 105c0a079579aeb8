package io.claviger.wiring;

import io.claviger.application.accounts.port.CredentialStore;
import io.claviger.application.approvals.ApprovalGate;
import io.claviger.application.approvals.Approvals;
import io.claviger.application.approvals.ConsentedChange;
import io.claviger.application.approvals.port.ApprovalStore;
import io.claviger.application.health.SharedTime;
import io.claviger.application.instances.Instances;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.sharing.ShareGrants;
import io.claviger.application.sharing.port.InstanceShareStore;
import io.claviger.application.transfers.Transfers;
import io.claviger.persistence.approvals.JdbcApprovals;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.Upkeep;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ApprovalsConfiguration {
  @Bean
  ApprovalStore approvalStore(Database database) {
    return new JdbcApprovals(database);
  }

  @Bean
  ApprovalGate approvalGate(
      ApprovalStore store, CredentialStore credentials, Sealer sealer, Ids ids, SharedTime time) {
    return new ApprovalGate(store, credentials, sealer, ids, time::instant);
  }

  @Bean
  ConsentedChange consentedChange(
      ApprovalGate gate,
      InstanceShareStore shares,
      Instances services,
      ShareGrants grants,
      Transfers transfers) {
    return new ConsentedChange(gate, shares, services, grants, transfers);
  }

  @Bean
  Approvals approvals(
      ApprovalStore store,
      CredentialStore credentials,
      InstanceStore instances,
      ConsentedChange consented,
      AuditedChanges changes) {
    return Approvals.of(store, credentials, instances, consented, changes);
  }

  @Bean
  Upkeep lapsedApprovals(Approvals approvals) {
    return Upkeep.removing("approvals", approvals::lapse);
  }
}
