package io.claviger.wiring;

import io.claviger.application.audit.AuditEvents;
import io.claviger.application.audit.port.AuditEventStore;
import io.claviger.persistence.audit.JdbcAuditEvents;
import io.claviger.persistence.shared.Database;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class AuditConfiguration {
  @Bean
  AuditEventStore auditEventStore(Database database) {
    return new JdbcAuditEvents(database);
  }

  @Bean
  AuditEvents auditEvents(AuditEventStore events) {
    return AuditEvents.of(events);
  }
}
