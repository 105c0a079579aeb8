package io.claviger.wiring;

import io.claviger.application.audit.AuditKeys;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Pushes the audit trail to a receiver, if the node's operator has named one. */
@Configuration(proxyBeanMethods = false)
class AuditPushConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(AuditPushConfiguration.class);

  @Bean
  AuditPushStore auditPushStore(Database database) {
    return new JdbcAuditPush(database);
  }

  @Bean
  AuditPush auditPush(
      AuditPushStore store,
      AuditChainStore chain,
      AuditKeys keys,
      AuditReceiver receiver,
      Transactions transactions,
      Database database,
      InstantSource clock) {
    return new AuditPush(
        store, chain, keys, receiver, transactions, database::clock, clock, UUID.randomUUID());
  }

  /** This task has its own thread, because the receiver might be slow. */
  @Bean
  Upkeep auditPushes(AuditPush push) {
    return Upkeep.of("audit-push", () -> pushed(push)).ending(push::leave).openingValues();
  }

  private static Duration pushed(AuditPush push) {
    try {
      return push.push() ? Duration.ZERO : Duration.ofMillis(500);
    } finally {
      if (push.takeForged() > 0) {
        LOG.error(
            "the stored position of the push was not signed by a key of the audit trail; the whole"
                + " audit trail is pushed again");
      }
      if (push.takeRestored() > 0) {
        LOG.warn("the database was restored from a dump; the whole audit trail is pushed again");
      }
      if (push.takeLost() > 0) {
        LOG.warn(
            "the database has lost events of the audit trail that the receiver has, as after the"
                + " restore of a backup; new events get their numbers");
      }
    }
  }
}
