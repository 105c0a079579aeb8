package io.claviger.application.connections.port;

import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.UsageAccount;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Stores which WebSockets are open on each node. If a node reports nothing for 15 seconds, the node
 * is treated as stopped, and its connections are treated as closed. All methods throw {@link
 * io.claviger.application.shared.StoreUnavailable} when the database does not answer.
 */
public interface ConnectionStore {
  /**
   * Stores the open connections that a node reports. Connections that are already stored are
   * updated. Connections of services, users or projects that have been deleted are left out.
   *
   * @param name the name by which operators know the node
   * @param ended connections that the node has reported and that are closed now
   * @return the connections of the node that somebody wants to end
   */
  Set<UUID> report(UUID node, String name, Collection<NodeConnection> open, Collection<UUID> ended);

  /** Returns open connections, the eldest first. */
  List<OpenConnection> list(Question of, Optional<TimeCursor> after, int limit);

  /**
   * Asks the node on which a connection is open to end this connection.
   *
   * @return whether there is such a connection
   */
  boolean end(UUID id, Question among);

  /** Removes the reports of nodes that have not reported for a minute. */
  int removeOld();

  /**
   * Selects connections.
   *
   * @param viewer the user who looks; the name of a service is left out if this user may not know
   *     it
   * @param service the service whose connections are wanted; empty for all services
   * @param caller the user who opened the connections that are wanted; empty for all users
   * @param only the service or project whose connections are wanted; empty for all services and
   *     projects
   */
  record Question(
      User.Id viewer,
      Optional<Instance.Id> service,
      Optional<User.Id> caller,
      Optional<UUID> only) {}

  /**
   * The facts that a node reports about one of its connections.
   *
   * @param account the user who opened the connection, and the service that it calls
   * @param age how long the connection has been open
   * @param counts the counts of the connection so far
   */
  record NodeConnection(UUID id, UsageAccount account, Duration age, ConnectionCounts counts) {}

  /**
   * The counts of a connection since it was opened.
   *
   * @param messages the number of messages that the caller and the provider have sent together
   * @param responses how many responses were requested
   * @param inputTokens the input tokens that were charged for the finished responses
   * @param outputTokens the output tokens that were charged for the finished responses
   */
  record ConnectionCounts(long messages, long responses, long inputTokens, long outputTokens) {}

  /**
   * The facts about an open connection that people see.
   *
   * @param service the name of the service, or of the project if the viewer must not learn the
   *     service
   * @param project the project through which the connection was opened; empty if it was opened
   *     without a project
   * @param node the name of the node that has the connection
   */
  record OpenConnection(
      UUID id,
      String service,
      Optional<String> project,
      Handle user,
      Instant since,
      ConnectionCounts counts,
      String node) {}
}
