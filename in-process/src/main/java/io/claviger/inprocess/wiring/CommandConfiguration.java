package io.claviger.inprocess.wiring;

import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.SealedValueStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.Transactions;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What commands have that nodes have not. */
@Configuration(proxyBeanMethods = false)
class CommandConfiguration {
  /** Without quotas and without a node's memory; every refusal is an event of its own. */
  @Bean
  AuditedChanges changes(
      Transactions transactions, AuditTrail trail, Ids ids, InstantSource clock) {
    return new AuditedChanges(transactions, trail, ids, clock);
  }

  @Bean
  EncryptionKeys encryptionKeys(
      EncryptionKeyStore keys,
      NodeStore nodes,
      SealedValueStore values,
      Optional<Sealer> sealer,
      AuditedChanges changes) {
    return EncryptionKeys.of(keys, nodes, values, sealer, changes);
  }
}
