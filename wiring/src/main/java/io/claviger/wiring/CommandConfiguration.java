package io.claviger.wiring;

import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.Transactions;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans of commands that replace those of nodes. */
@Configuration(proxyBeanMethods = false)
class CommandConfiguration {
  /**
   * Runs changes without quotas, and with one event for each refusal. There is no cache that has to
   * learn of changes.
   */
  @Bean
  AuditedChanges changes(
      Transactions transactions, AuditTrail trail, Ids ids, InstantSource clock) {
    return new AuditedChanges(transactions, trail, ids, clock);
  }
}
