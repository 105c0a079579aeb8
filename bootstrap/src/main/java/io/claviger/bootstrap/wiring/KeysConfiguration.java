package io.claviger.bootstrap.wiring;

import io.claviger.application.keys.KeysModule;
import io.claviger.application.keys.out.EncryptionKeys;
import io.claviger.application.keys.out.Nodes;
import io.claviger.application.keys.out.Sealer;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.out.AuditTrail;
import io.claviger.application.shared.out.Ids;
import io.claviger.application.shared.out.Transactions;
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
      EncryptionKeys keys,
      Nodes nodes,
      Sealer sealer,
      Transactions transactions,
      AuditTrail trail,
      Ids ids,
      Attempts attempts,
      Named node) {
    return KeysModule.of(keys, nodes, sealer, transactions, trail, ids, attempts, node.name());
  }
}
