package io.claviger.bootstrap.wiring;

import io.claviger.application.keys.KeysModule;
import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.Transactions;
import io.claviger.custody.TinkSealer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class KeysConfiguration {
  @Bean
  Sealer sealer(OperatorSecrets secrets) {
    return new TinkSealer(secrets.keyring());
  }

  @Bean
  KeysModule keys(
      EncryptionKeyStore keys,
      NodeStore nodes,
      Sealer sealer,
      Transactions transactions,
      AuditTrail trail,
      Ids ids,
      AuditedChanges attempts,
      NodeLabel node) {
    return KeysModule.of(keys, nodes, sealer, transactions, trail, ids, attempts, node.name());
  }
}
