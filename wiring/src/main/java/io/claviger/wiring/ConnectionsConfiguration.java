package io.claviger.wiring;

import io.claviger.application.connections.ClientSecrets;
import io.claviger.application.connections.NodeConnections;
import io.claviger.application.connections.ServiceConnections;
import io.claviger.application.connections.port.ClientSecretStore;
import io.claviger.application.connections.port.ConnectionStore;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.requests.port.LinkCipher;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.port.RandomBytes;
import io.claviger.persistence.connections.JdbcClientSecrets;
import io.claviger.persistence.connections.JdbcConnections;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.upkeep.Upkeep;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ConnectionsConfiguration {
  @Bean
  ConnectionStore connectionStore(Database database) {
    return new JdbcConnections(database);
  }

  @Bean
  NodeConnections nodeConnections(NodeLabel node) {
    return new NodeConnections(node.name(), System::nanoTime);
  }

  @Bean
  ServiceConnections serviceConnections(
      InstanceStore services, ConnectionStore connections, AuditedChanges changes) {
    return ServiceConnections.of(services, connections, changes);
  }

  @Bean
  ClientSecretStore clientSecretStore(Database database) {
    return new JdbcClientSecrets(database);
  }

  @Bean
  ClientSecrets clientSecrets(ClientSecretStore store, LinkCipher cipher, RandomBytes random) {
    return new ClientSecrets(store, cipher, random);
  }

  @Bean
  Upkeep oldClientSecrets(ClientSecretStore store) {
    return Upkeep.removing("old-client-secrets", store::removeOld);
  }

  /**
   * Reports this node's WebSockets to other nodes, and closes WebSockets that somebody asked to
   * end.
   */
  @Bean
  Upkeep openConnections(NodeConnections connections, ConnectionStore store) {
    return Upkeep.each(
        Duration.ofMillis(400), "upkeep-connections", () -> connections.report(store));
  }

  @Bean
  Upkeep oldConnections(ConnectionStore store) {
    return Upkeep.removing("old-connections", store::removeOld);
  }
}
