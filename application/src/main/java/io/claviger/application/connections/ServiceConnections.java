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
 * Lists and ends the WebSockets that are open now, on all nodes. The counts that nodes report about
 * these WebSockets are up to a second old.
 */
public interface ServiceConnections {
  static ServiceConnections of(
      InstanceStore services, ConnectionStore connections, AuditedChanges changes) {
    return new ServiceConnectionUseCases(services, connections, changes);
  }

  /**
   * Lists the connections of a service, the eldest first. Users who may give shares of the service
   * see all connections; other users of the service see only their own connections. Anybody else is
   * refused with {@code not_found}.
   */
  Outcome<Page<OpenConnection, TimeCursor>> list(
      Actor actor, Instance.Ref service, PageRequest<TimeCursor> page);

  /** Lists the actor's own connections of all services, the eldest first. */
  Outcome<Page<OpenConnection, TimeCursor>> own(Actor actor, PageRequest<TimeCursor> page);

  /**
   * Ends a connection that the actor sees, within a second. The answer is {@code not_found} if the
   * actor sees no connection with this id.
   */
  Outcome<UUID> end(Actor actor, Instance.Ref service, UUID id);

  /** Ends a connection of the actor, within a second. */
  Outcome<UUID> endOwn(Actor actor, UUID id);
}
