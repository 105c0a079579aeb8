package io.claviger.wiring;

import io.claviger.application.audit.AuditPush;
import io.claviger.application.audit.port.AuditChainStore;
import io.claviger.application.audit.port.AuditPushStore;
import io.claviger.application.audit.port.AuditReceiver;
import io.claviger.application.shared.port.Transactions;
import io.claviger.persistence.audit.JdbcAuditPush;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Pushes the audit trail, in nodes whose operator named a receiver. */
@Configuration(proxyBeanMethods = false)
class AuditPushConfiguration {
  @Bean
  AuditPushStore auditPushStore(Database database) {
    return new JdbcAuditPush(database);
  }

  @Bean
  AuditPush auditPush(
      AuditPushStore store,
      AuditChainStore chain,
      AuditReceiver receiver,
      Transactions transactions,
      InstantSource clock) {
    return new AuditPush(store, chain, receiver, transactions, clock, UUID.randomUUID());
  }

  /** Has a thread of its own, because the receiver may be slow. */
  @Bean
  Upkeep auditPushes(AuditPush push) {
    return Upkeep.of("audit-push", () -> push.push() ? Duration.ZERO : Duration.ofMillis(500))
        .ending(push::leave);
  }
}
