package io.claviger.wiring;

import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.Transactions;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that commands have in place of those of nodes. */
@Configuration(proxyBeanMethods = false)
class CommandConfiguration {
  /**
   * Changes without quotas, and without a cache to tell of them. Every refusal is an event of its
   * own.
   */
  @Bean
  AuditedChanges changes(
      Transactions transactions, AuditTrail trail, Ids ids, InstantSource clock) {
    return new AuditedChanges(transactions, trail, ids, clock);
  }
}
