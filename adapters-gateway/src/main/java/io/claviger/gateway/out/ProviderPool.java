package io.claviger.gateway.out;

import io.claviger.domain.accounts.User;
import io.claviger.gateway.errors.Continuation;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The connections to providers on one event loop. If several connections to a target are idle, a
 * call gets the most recently used connection. At most 128 idle connections are kept per target,
 * and at most 512 for all targets. If there are more, the connection that has been idle longest is
 * closed first. Only used on that event loop.
 */
public final class ProviderPool {
  // Most servers' idle timeouts are longer than this one, so servers seldom close connections
  // first.
  private static final long MOST_IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int MOST_FOR_ONE_TARGET = 128;
  private static final int MOST_IDLE = 512;

  private final EventLoop loop;
  private final Connector connector;
  private final PeerState peers = new PeerState();
  private final Map<ProviderAddress, Deque<ProviderConnection>> idle = new HashMap<>();

  /** All idle connections; the connection that has been idle longest comes first. */
  private final Set<ProviderConnection> eldestFirst = new LinkedHashSet<>();

  private final AtomicInteger openCount = new AtomicInteger();
  private final AtomicInteger idleCount = new AtomicInteger();

  ProviderPool(EventLoop loop, Connector connector) {
    this.loop = loop;
    this.connector = connector;
  }

  /**
   * Gives the waiter a connection. An idle connection is given before this method returns. If none
   * is idle, a new connection is opened, and the waiter gets the connection when it is open.
   *
   * @param owner the owner of the service; the owner's limits apply to a new connection
   */
  public PendingConnection acquire(
      ProviderAddress target,
      User.Id owner,
      int timeoutMillis,
      Continuation<ProviderConnection> waiter) {
    ProviderConnection pooled = take(target);
    if (pooled != null) {
      waiter.done(pooled);
      return () -> {};
    }
    return acquireFresh(target, owner, timeoutMillis, waiter);
  }

  /** Opens a new connection, even if another connection is idle. */
  public PendingConnection acquireFresh(
      ProviderAddress target,
      User.Id owner,
      int timeoutMillis,
      Continuation<ProviderConnection> waiter) {
    return connector.connect(target, owner, timeoutMillis, this, waiter);
  }

  EventLoop loop() {
    return loop;
  }

  /**
   * Returns how many connections are open, including idle connections. Any thread may call this
   * method.
   */
  public int openCount() {
    return openCount.get();
  }

  /** Returns how many connections are idle. Any thread may call this method. */
  public int idleCount() {
    return idleCount.get();
  }

  void countOpened() {
    openCount.incrementAndGet();
  }

  void countClosed() {
    openCount.decrementAndGet();
  }

  private @Nullable ProviderConnection take(ProviderAddress target) {
    Deque<ProviderConnection> waiting = idle.get(target);
    if (waiting == null) {
      return null;
    }
    ProviderConnection last = takeLast(waiting);
    while (last != null && !last.isUsable(peers)) {
      last.abort();
      last = takeLast(waiting);
    }
    if (waiting.isEmpty()) {
      idle.remove(target);
    }
    return last;
  }

  private @Nullable ProviderConnection takeLast(Deque<ProviderConnection> waiting) {
    ProviderConnection last = waiting.pollLast();
    if (last != null) {
      eldestFirst.remove(last);
      idleCount.decrementAndGet();
    }
    return last;
  }

  void add(ProviderAddress target, ProviderConnection connection) {
    Deque<ProviderConnection> waiting = idle.computeIfAbsent(target, t -> new ArrayDeque<>());
    waiting.addLast(connection);
    eldestFirst.add(connection);
    idleCount.incrementAndGet();
    if (waiting.size() > MOST_FOR_ONE_TARGET) {
      evict(waiting.getFirst());
    } else if (eldestFirst.size() > MOST_IDLE) {
      evict(eldestFirst.iterator().next());
    }
  }

  private void evict(ProviderConnection connection) {
    remove(connection.target(), connection);
    connection.abort();
  }

  void remove(ProviderAddress target, ProviderConnection connection) {
    Deque<ProviderConnection> waiting = idle.get(target);
    if (waiting != null && waiting.remove(connection)) {
      eldestFirst.remove(connection);
      idleCount.decrementAndGet();
      if (waiting.isEmpty()) {
        idle.remove(target);
      }
    }
  }

  /** Closes the connections that have been idle for too long. Called at intervals. */
  public void sweep() {
    long now = System.nanoTime();
    for (ProviderConnection connection : List.copyOf(eldestFirst)) {
      if (now - connection.idleSince() <= MOST_IDLE_NANOS) {
        return;
      }
      evict(connection);
    }
  }
}
