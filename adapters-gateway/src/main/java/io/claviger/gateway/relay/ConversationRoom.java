package io.claviger.gateway.relay;

import io.claviger.application.connections.NodeConnections;
import io.claviger.application.connections.NodeConnections.Connection;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.usage.UsageAccount;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What all WebSockets of a node may take together. Can be used by any thread. */
public final class ConversationRoom {
  /** The most connections of one caller. */
  static final int MOST_OF_CALLER = 64;

  /** The most connections in all. */
  static final int MOST = 1_024;

  private static final int PART_OF_HEAP = 16;

  private final long mostBytes;
  private final NodeConnections opened;
  private final AtomicLong held = new AtomicLong();

  /** By the id of a caller, or by the handle as long as that is all that is known. */
  private final Map<Object, Integer> open = new HashMap<>();

  private int all;

  ConversationRoom(long mostBytes, NodeConnections opened) {
    this.mostBytes = mostBytes;
    this.opened = opened;
  }

  /**
   * @param opened takes note of the connections that are open
   */
  public static ConversationRoom ofThisProcess(NodeConnections opened) {
    return new ConversationRoom(Runtime.getRuntime().maxMemory() / PART_OF_HEAP, opened);
  }

  /**
   * Takes a place for one connection.
   *
   * @return empty if there are too many, of the caller or in all
   */
  synchronized Optional<Place> enter(User.Id caller) {
    return enterAs(caller);
  }

  /** Takes a place for a connection whose service is not known yet. */
  synchronized Optional<Place> enter(Handle caller) {
    return enterAs(caller);
  }

  private Optional<Place> enterAs(Object caller) {
    int own = open.getOrDefault(caller, 0);
    if (own >= MOST_OF_CALLER || all >= MOST) {
      return Optional.empty();
    }
    open.put(caller, own + 1);
    all++;
    return Optional.of(new Place(caller));
  }

  private synchronized void leave(Object caller) {
    all--;
    Integer unused = open.computeIfPresent(caller, (id, count) -> count == 1 ? null : count - 1);
  }

  /** The place of one connection. Confined to its event loop. */
  final class Place {
    private final Object caller;
    private long holding;
    private boolean left;
    private @Nullable Connection connection;

    private Place(Object caller) {
      this.caller = caller;
    }

    /**
     * Says how many bytes the connection holds now.
     *
     * @return false if all connections together hold too much; the connection has to end then
     */
    boolean hold(long bytes) {
      long before = holding;
      holding = bytes;
      return held.addAndGet(bytes - before) <= mostBytes || bytes <= before;
    }

    /**
     * The handshake is answered, so that others see the connection from now on.
     *
     * @param end ends it, called by any thread
     */
    Connection opened(UsageAccount account, Runnable end) {
      Connection now = opened.opened(account, end);
      connection = now;
      return now;
    }

    /** The connection, once the handshake is answered. */
    Optional<Connection> connection() {
      return Optional.ofNullable(connection);
    }

    /** Can be repeated. */
    void leave() {
      if (!left) {
        left = true;
        if (connection != null) {
          connection.closed();
        }
        boolean unused = hold(0);
        ConversationRoom.this.leave(caller);
      }
    }
  }
}
