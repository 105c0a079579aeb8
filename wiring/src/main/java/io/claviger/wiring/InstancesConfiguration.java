package io.claviger.wiring;

import io.claviger.application.credentials.MintedCredentials;
import io.claviger.application.instances.Instances;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.keys.KeyAccess;
import io.claviger.application.keys.port.DeploymentKeys;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.keys.port.UserKeyStore;
import io.claviger.application.rejectedkeys.KeyVerdicts;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.gateway.out.KnownDestinations;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.persistence.instances.JdbcInstances;
import io.claviger.persistence.shared.Database;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@Configuration(proxyBeanMethods = false)
@Import(Instances.Stores.class)
class InstancesConfiguration {
  @Bean
  InstanceStore instanceStore(Database database) {
    return new JdbcInstances(database);
  }

  @Bean
  KeyAccess keyAccess(
      UserKeyStore userKeys,
      Sealer sealer,
      DeploymentKeys deploymentKeys,
      OutboundSettings outbound) {
    return new KeyAccess(userKeys, sealer, deploymentKeys, KnownDestinations.of(outbound));
  }

  @Bean
  Instances instances(
      Instances.Stores stores,
      KeyAccess keys,
      KeyVerdicts verdicts,
      MintedCredentials minted,
      NodeContext.Minters minters,
      AuditedChanges changes) {
    return Instances.of(stores, keys, verdicts, minted, minters.all(), changes);
  }
}
