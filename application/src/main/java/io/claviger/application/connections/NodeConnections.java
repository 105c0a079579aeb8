package io.claviger.application.connections;

import io.claviger.application.connections.port.ConnectionStore;
import io.claviger.application.connections.port.ConnectionStore.ConnectionCounts;
import io.claviger.application.connections.port.ConnectionStore.NodeConnection;
import io.claviger.domain.usage.UsageAccount;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Keeps a list of the WebSockets that are open on this node. Thread-safe. */
public final class NodeConnections {
  /**
   * The interval at which the node repeats its report of the connections. This interval is much
   * shorter than the time after which a silent node counts as stopped.
   */
  private static final Duration RENEWAL = Duration.ofSeconds(4);

  private final UUID node = UUID.randomUUID();
  private final String name;
  private final LongSupplier nanoTime;
  private final Map<UUID, Connection> open = new ConcurrentHashMap<>();
  private final Set<UUID> ended = ConcurrentHashMap.newKeySet();
  private long renewed;

  /**
   * @param name the node's name for operators
   * @param nanoTime a clock such as {@link System#nanoTime}
   */
  public NodeConnections(String name, LongSupplier nanoTime) {
    this.name = name;
    this.nanoTime = nanoTime;
    this.renewed = nanoTime.getAsLong();
  }

  /**
   * Registers a new connection.
   *
   * @param end the task that closes the connection; any thread can call it, more than once
   */
  public Connection opened(UsageAccount account, Runnable end) {
    Connection connection = new Connection(account, end);
    open.put(connection.id, connection);
    return connection;
  }

  /** Returns the number of open connections. */
  public int count() {
    return open.size();
  }

  /**
   * Reports changes to the other nodes, and closes the connections that somebody wants to end. A
   * thread calls this method more than twice a second.
   */
  public void report(ConnectionStore store) {
    // the closed connections are read first, so that none of them is also in the list of open ones
    List<UUID> gone = List.copyOf(ended);
    List<Connection> all = List.copyOf(open.values());
    if (all.isEmpty() && gone.isEmpty()) {
      return;
    }
    long now = nanoTime.getAsLong();
    boolean renews = now - renewed >= RENEWAL.toNanos();
    List<Connection> told = renews ? all : all.stream().filter(Connection::isChanged).toList();
    List<NodeConnection> states = told.stream().map(connection -> connection.state(now)).toList();
    Set<UUID> ends = store.report(node, name, states, gone);
    if (renews) {
      renewed = now;
    }
    for (int i = 0; i < told.size(); i++) {
      told.get(i).told = Optional.of(states.get(i));
    }
    ended.removeAll(gone);
    ends.stream().map(open::get).forEach(Connection::endIfOpen);
  }

  /** A connection with its counts. Only one thread writes the counts. */
  public final class Connection {
    private final UUID id = UUID.randomUUID();
    private final UsageAccount account;
    private final Runnable end;
    private final long began = nanoTime.getAsLong();
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong responses = new AtomicLong();
    private final AtomicLong inputTokens = new AtomicLong();
    private final AtomicLong outputTokens = new AtomicLong();

    /** The last report about this connection. Only the reporting thread uses it. */
    private Optional<NodeConnection> told = Optional.empty();

    private Connection(UsageAccount account, Runnable end) {
      this.account = account;
      this.end = end;
    }

    public UUID id() {
      return id;
    }

    /** Counts a message from the caller or the provider. */
    public void countMessage() {
      long unused = messages.incrementAndGet();
    }

    /** Counts a requested response. */
    public void countResponse() {
      long unused = responses.incrementAndGet();
    }

    /** Counts the charged tokens of a response. */
    public void countUse(long input, long output) {
      long unused = inputTokens.addAndGet(input);
      unused = outputTokens.addAndGet(output);
    }

    /** Returns the counts since the connection was opened. */
    public ConnectionCounts counts() {
      return new ConnectionCounts(
          messages.get(), responses.get(), inputTokens.get(), outputTokens.get());
    }

    /** Returns how long the connection has been open. */
    public Duration age() {
      return Duration.ofNanos(nanoTime.getAsLong() - began);
    }

    /** Records that the connection is closed. Further calls of this method have no effect. */
    public void closed() {
      if (open.remove(id) != null) {
        boolean unused = ended.add(id);
      }
    }

    private boolean isChanged() {
      return told.filter(last -> last.counts().equals(counts())).isEmpty();
    }

    private NodeConnection state(long now) {
      return new NodeConnection(id, account, Duration.ofNanos(now - began), counts());
    }

    private static void endIfOpen(@Nullable Connection connection) {
      if (connection != null) {
        connection.end.run();
      }
    }
  }
}
