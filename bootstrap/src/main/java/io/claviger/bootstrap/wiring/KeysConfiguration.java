package io.claviger.bootstrap.wiring;

import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.keys.port.EncryptionKeyStore;
import io.claviger.application.keys.port.NodeStore;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class KeysConfiguration {
  @Bean
  KeyringAdmission keyringAdmission(
      EncryptionKeyStore keys,
      NodeStore nodes,
      Sealer sealer,
      AuditedChanges changes,
      NodeLabel node) {
    return KeyringAdmission.of(keys, nodes, sealer, changes, node.name());
  }
}
