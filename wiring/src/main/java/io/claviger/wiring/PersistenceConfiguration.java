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
 * The database, and those ports that all features use. The store that belongs to a single feature
 * is built in the configuration of that feature.
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

  /** The only source of ids in the node, so that each id is larger than the one before it. */
  @Bean
  Ids ids(InstantSource clock) {
    return new UuidV7Ids(clock);
  }

  @Bean
  EventStore eventStore(Database database) {
    return new JdbcEvents(database);
  }

  /** Records audit events, and writes the messages about these events for people's webhooks. */
  @Bean
  AuditTrail auditTrail(Database database, EventStore events, Transactions transactions) {
    return new EventMessages(new JdbcAuditTrail(database), events, transactions);
  }

  @Bean
  ObjectCounts objectCounts(Database database) {
    return new JdbcObjectCounts(database);
  }
}
