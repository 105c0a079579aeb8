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
 * Where nodes tell each other which WebSockets they hold open. A node that tells nothing for 15
 * seconds counts as gone, and so do its connections. All methods throw {@link
 * io.claviger.application.shared.StoreUnavailable} when the database does not answer.
 */
public interface ConnectionStore {
  /**
   * Stores the connections that a node reports, and renews those that it reported before. What
   * belongs to services, users and projects that are gone is left out.
   *
   * @param name how operators call the node
   * @param ended connections that the node has reported and that are closed now
   * @return the connections of the node that somebody wants to end
   */
  Set<UUID> report(UUID node, String name, Collection<NodeConnection> open, Collection<UUID> ended);

  /** Returns open connections, the eldest first. */
  List<OpenConnection> list(Question of, Optional<TimeCursor> after, int limit);

  /**
   * Lets a connection end, wherever it is.
   *
   * @return whether there is such a connection
   */
  boolean end(UUID id, Question among);

  /** Removes what nodes left behind that are gone for a minute. */
  int removeOld();

  /**
   * Which connections to look for.
   *
   * @param viewer names services as this user may know them
   * @param service only connections of this service; empty for all services
   * @param caller only connections that this user opened; empty for all users
   * @param only only connections of this service or project; empty for all
   */
  record Question(
      User.Id viewer,
      Optional<Instance.Id> service,
      Optional<User.Id> caller,
      Optional<UUID> only) {}

  /**
   * A connection, as its node reports it.
   *
   * @param account who opened it, on which service
   * @param age for how long it has been open
   * @param counts what it has counted so far
   */
  record NodeConnection(UUID id, UsageAccount account, Duration age, ConnectionCounts counts) {}

  /**
   * What a connection has counted since it was opened.
   *
   * @param messages how many messages came from both sides together
   * @param responses how many responses were asked for
   * @param inputTokens what the responses that have ended were charged as input
   * @param outputTokens what they were charged as output
   */
  record ConnectionCounts(long messages, long responses, long inputTokens, long outputTokens) {}

  /**
   * A connection, as people see it.
   *
   * @param service the service, or the project for somebody who may not know the service
   * @param project through which it was opened
   * @param node how operators call the node that holds it
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
