package io.claviger.application.connections;

import io.claviger.application.connections.port.ConnectionStore;
import io.claviger.application.connections.port.ConnectionStore.OpenConnection;
import io.claviger.application.instances.port.InstanceStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.instances.Instance;
import java.util.UUID;

/**
 * Lists and ends the WebSockets that are open on all nodes now. The nodes' counts for these
 * WebSockets are up to a second old.
 */
public interface ServiceConnections {
  static ServiceConnections of(
      InstanceStore services, ConnectionStore connections, AuditedChanges changes) {
    return new ServiceConnectionUseCases(services, connections, changes);
  }

  /**
   * Lists the connections of a service, oldest first. Users who may give shares of the service see
   * all connections. Other users of the service see only their own connections. For anybody else,
   * the answer is {@code not_found}.
   */
  Outcome<Page<OpenConnection, TimeCursor>> list(
      Actor actor, Instance.Ref service, PageRequest<TimeCursor> page);

  /** Lists the actor's own connections to all services, oldest first. */
  Outcome<Page<OpenConnection, TimeCursor>> listOwn(Actor actor, PageRequest<TimeCursor> page);

  /**
   * Ends a connection within a second if the actor sees the connection. If the actor sees no
   * connection with this id, the answer is {@code not_found}.
   */
  Outcome<UUID> end(Actor actor, Instance.Ref service, UUID id);

  /** Ends a connection of the actor, within a second. */
  Outcome<UUID> endOwn(Actor actor, UUID id);
}
