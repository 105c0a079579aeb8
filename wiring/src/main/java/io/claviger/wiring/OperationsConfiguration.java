package io.claviger.wiring;

import io.claviger.application.health.Readiness;
import io.claviger.application.keys.EncryptionKeys;
import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.operations.Operations;
import io.claviger.application.operations.port.Doctor;
import io.claviger.persistence.shared.Database;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class OperationsConfiguration {
  @Bean
  Readiness readiness(Database database, KeyringAdmission keyring) {
    return new NodeReadiness(database, keyring);
  }

  @Bean
  Operations operations(EncryptionKeys keys, Readiness readiness, Doctor doctor) {
    return Operations.of(keys, readiness, doctor, System::nanoTime);
  }
}
