package io.claviger.bootstrap.wiring;

import io.claviger.application.audit.AuditEvents;
import io.claviger.application.audit.port.AuditEventStore;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AuditConfiguration {
  @Bean
  AuditEvents auditEvents(AuditEventStore events) {
    return AuditEvents.of(events);
  }
}
