package io.claviger.wiring;

import io.claviger.application.gateway.RevocationTimes;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.SealedValueStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.host.Build;
import io.claviger.persistence.keys.JdbcEncryptionKeys;
import io.claviger.persistence.keys.JdbcNodes;
import io.claviger.persistence.keys.JdbcSealedValues;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class KeysConfiguration {
  @Bean
  EncryptionKeyStore encryptionKeyStore(Database database) {
    return new JdbcEncryptionKeys(database);
  }

  @Bean
  SealedValueStore sealedValueStore(Database database) {
    return new JdbcSealedValues(database);
  }

  @Bean
  NodeStore nodeStore(Database database) {
    return new JdbcNodes(database);
  }

  @Bean
  KeyringAdmission keyringAdmission(
      EncryptionKeyStore keys,
      NodeStore nodes,
      Sealer sealer,
      AuditedChanges changes,
      NodeLabel node) {
    return KeyringAdmission.of(keys, nodes, sealer, changes, node.name());
  }

  /** In a command, there might be no sealer. */
  @Bean
  EncryptionKeys encryptionKeys(
      EncryptionKeyStore keys,
      NodeStore nodes,
      SealedValueStore values,
      Optional<Sealer> sealer,
      AuditedChanges changes) {
    return EncryptionKeys.of(keys, nodes, values, sealer, changes);
  }

  /**
   * Once a minute, records this node's version and how long this node took to learn of changes. All
   * nodes learn of this record in the same way as they learn of a revocation. So nodes can measure
   * this time even if nobody revokes anything. A single SQL statement stores the record.
   */
  @Bean
  Upkeep selfReport(KeyringAdmission node, RevocationTimes times) {
    String version = Build.current().version();
    return Upkeep.each(
        Duration.ofMinutes(1),
        "self-report",
        () -> node.tell(new NodeStore.About(version, times.longest())));
  }
}
