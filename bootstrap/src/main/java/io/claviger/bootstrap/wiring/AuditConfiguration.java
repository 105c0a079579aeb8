package io.claviger.bootstrap.wiring;

import io.claviger.application.audit.AuditModule;
import io.claviger.application.audit.port.AuditEventStore;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AuditConfiguration {
  @Bean
  AuditModule audit(AuditEventStore events) {
    return AuditModule.of(events);
  }
}
