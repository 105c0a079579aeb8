package io.claviger.wiring;

import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.shared.port.ObjectCounts;
import io.claviger.application.shared.port.Transactions;
import io.claviger.application.webhooks.EventMessages;
import io.claviger.application.webhooks.port.EventStore;
import io.claviger.persistence.audit.JdbcAuditTrail;
import io.claviger.persistence.shared.Database;
import io.claviger.persistence.shared.JdbcObjectCounts;
import io.claviger.persistence.shared.UuidV7Ids;
import io.claviger.persistence.webhooks.JdbcEvents;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The database, and the ports that all features use. The configuration of a feature builds the
 * store that only this feature uses.
 */
@Configuration(proxyBeanMethods = false)
class PersistenceConfiguration {
  @Bean
  Database database(Connections connections) {
    return new Database(connections.pool());
  }

  @Bean
  Transactions transactions(Database database) {
    return database.transactions();
  }

  /** The node's only source of ids, so that each id is larger than the previous one. */
  @Bean
  Ids ids(InstantSource clock) {
    return new UuidV7Ids(clock);
  }

  @Bean
  EventStore eventStore(Database database) {
    return new JdbcEvents(database);
  }

  /** Records audit events, and writes messages about them for webhooks. */
  @Bean
  AuditTrail auditTrail(Database database, EventStore events, Transactions transactions) {
    return new EventMessages(new JdbcAuditTrail(database), events, transactions);
  }

  @Bean
  ObjectCounts objectCounts(Database database) {
    return new JdbcObjectCounts(database);
  }
}
