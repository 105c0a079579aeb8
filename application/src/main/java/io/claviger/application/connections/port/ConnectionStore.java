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
 * Stores which WebSockets are open on each node. A node that reports nothing for 15 seconds counts
 * as stopped, and its connections count as closed. All methods throw {@link
 * io.claviger.application.shared.StoreUnavailable} when the database does not answer.
 */
public interface ConnectionStore {
  /**
   * Stores the open connections from a node's report. Connections that are already stored are
   * updated. Connections of deleted services, users or projects are left out.
   *
   * @param name the node's name for operators
   * @param ended the reported connections that are closed now
   * @return the node's connections that somebody wants to end
   */
  Set<UUID> report(UUID node, String name, Collection<NodeConnection> open, Collection<UUID> ended);

  /** Returns open connections, oldest first. */
  List<OpenConnection> list(Question of, Optional<TimeCursor> after, int limit);

  /**
   * Asks the connection's node to end the connection.
   *
   * @return whether there is such a connection
   */
  boolean end(UUID id, Question among);

  /**
   * Removes the reports of nodes that have been silent for a minute. Reports of connections that
   * somebody wants to end are kept for a day, the maximum lifetime of a connection. If the node of
   * such a connection reports again within this time, the node ends the connection.
   *
   * @return the number of removed reports
   */
  int removeOld();

  /**
   * Selects connections.
   *
   * @param viewer the user who looks; if this user must not know the name of a service, the name is
   *     left out
   * @param service a service; if present, only connections to this service are returned
   * @param caller a user; if present, only connections of this user are returned
   * @param only the id of the service or project whose connections are returned; if empty, the
   *     connections to all services and projects are returned
   */
  record Question(
      User.Id viewer,
      Optional<Instance.Id> service,
      Optional<User.Id> caller,
      Optional<UUID> only) {}

  /**
   * A node's report about a connection.
   *
   * @param account the user who opened the connection, and the called service
   * @param age the time for which the connection has been open
   * @param counts the counts since the connection was opened
   */
  record NodeConnection(UUID id, UsageAccount account, Duration age, ConnectionCounts counts) {}

  /**
   * The counts of a connection since it was opened.
   *
   * @param messages the number of messages from the caller and the provider together
   * @param responses the number of requested responses
   * @param inputTokens the charged input tokens of the finished responses
   * @param outputTokens the charged output tokens of the finished responses
   */
  record ConnectionCounts(long messages, long responses, long inputTokens, long outputTokens) {}

  /**
   * An open connection, as shown to people.
   *
   * @param service the name of the service, or of the project if the viewer must not know the
   *     service
   * @param project the project through which the connection was opened; empty if no project was
   *     used
   * @param node the name of the connection's node
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
