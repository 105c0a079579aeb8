package io.claviger.gateway.relay;

import io.claviger.application.connections.NodeConnections;
import io.claviger.application.connections.NodeConnections.Connection;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.gateway.wire.GuardedTask;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The memory and the number of connections that all WebSockets of a node share. A person and their
 * service accounts are one caller. Can be used by any thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a task that the loop drops has nothing left to do
public final class ConversationRoom {
  /** The most connections of one caller. */
  static final int MOST_OF_CALLER = 64;

  /** The most connections in all. */
  static final int MOST = 1_024;

  /**
   * How many bytes each connection may hold in addition to its part of the shared memory, so that
   * other people's large messages don't end it.
   */
  static final int OWN_BYTES = 16 * 1024;

  private static final int PART_OF_HEAP = 8;
  private static final int LINGER_SECONDS = 60;

  /**
   * The connections of one caller may hold this fraction of the shared bytes: one divided by this
   * number.
   */
  private static final int PART_OF_CALLER = 4;

  private final long mostBytes;
  private final long mostBytesOfCaller;
  private final NodeConnections opened;
  private final AtomicLong held = new AtomicLong();

  private final Map<UUID, Share> open = new HashMap<>();

  private int all;

  /** The number of connections of one caller, and the bytes that they hold. */
  private static final class Share {
    /** Guarded by the room. */
    private int connections;

    private final AtomicLong held = new AtomicLong();
  }

  /**
   * @param mostBytes how many bytes all connections may hold together, in addition to {@link
   *     #OWN_BYTES} for each
   * @param largest the size of a message in bytes; a caller may hold at least one message of this
   *     size
   */
  ConversationRoom(long mostBytes, long largest, NodeConnections opened) {
    this.mostBytes = mostBytes;
    this.mostBytesOfCaller = Math.max(mostBytes / PART_OF_CALLER, largest);
    this.opened = opened;
  }

  /**
   * @param opened registers the connections that are open
   */
  public static ConversationRoom ofThisProcess(NodeConnections opened) {
    return new ConversationRoom(
        Runtime.getRuntime().maxMemory() / PART_OF_HEAP, 2 * MessageReader.LONGEST, opened);
  }

  /**
   * Reserves a place for one connection.
   *
   * @param caller the id under which the caller is counted
   * @return empty if there are too many, of the caller or in all
   */
  synchronized Optional<Place> enter(UUID caller) {
    Share own = open.getOrDefault(caller, new Share());
    if (own.connections >= MOST_OF_CALLER || all >= MOST) {
      return Optional.empty();
    }
    own.connections++;
    open.put(caller, own);
    all++;
    return Optional.of(new Place(caller, own));
  }

  private synchronized void leave(UUID caller, Share own) {
    all--;
    own.connections--;
    if (own.connections == 0) {
      open.remove(caller);
    }
  }

  /** The place of one connection. Confined to its event loop. */
  final class Place {
    private final UUID caller;
    private final Share share;

    /** How many bytes the connection holds in addition to its own {@link #OWN_BYTES}. */
    private long holding;

    /**
     * How many bytes other threads or writes still use. Such bytes stay in memory even after the
     * connection has ended.
     */
    private long kept;

    private boolean left;
    private boolean freed;
    private @Nullable EventLoop lingersOn;
    private @Nullable Connection connection;

    private Place(UUID caller, Share share) {
      this.caller = caller;
      this.share = share;
    }

    /** The id under which the caller is counted. */
    UUID caller() {
      return caller;
    }

    /**
     * Sets how many bytes the connection holds now, without those that it {@link #keep keeps}.
     *
     * @return false if the caller's connections or all connections together hold too many bytes;
     *     this connection then has to be closed
     */
    boolean hold(long bytes) {
      long more = Math.max(0, bytes + kept - OWN_BYTES) - holding;
      holding += more;
      boolean fits = share.held.addAndGet(more) <= mostBytesOfCaller;
      return (held.addAndGet(more) <= mostBytes && fits) || more <= 0;
    }

    /**
     * Lists the connection as open, because the handshake is answered.
     *
     * @param end ends the connection; may be called by any thread
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

    /**
     * Keeps room for a message that another thread reads, or that waits for an answer of the
     * database. The message stays in memory until {@link #release}, even if the connection ends.
     */
    void keep(long bytes) {
      kept += bytes;
    }

    /**
     * Keeps room for the bytes that were written to a side but not sent yet, until that side is
     * closed. Must be called before {@link #leave}.
     */
    void keepUnwritten(Channel side) {
      long unwritten = MessageFlow.unwritten(side);
      if (unwritten > 0) {
        keep(unwritten);
        side.closeFuture().addListener(closed -> release(unwritten));
      }
    }

    /** How many bytes are kept. */
    long kept() {
      return kept;
    }

    /**
     * Called when a message for which room was kept has been sent on, refused or dropped. Called
     * once for each {@link #keep}.
     */
    void release(long bytes) {
      kept -= bytes;
      if (left) {
        boolean unused = hold(0);
        free();
      }
    }

    /**
     * Leaves the place. The place becomes free when no part of its room is kept any more. So
     * callers gain no memory by opening one connection after another. Can be called repeatedly.
     */
    void leave() {
      if (!left) {
        left = true;
        if (connection != null) {
          connection.closed();
        }
        boolean unused = hold(0);
        free();
      }
    }

    private void free() {
      if (freed || kept > 0) {
        return;
      }
      freed = true;
      if (lingersOn == null) {
        ConversationRoom.this.leave(caller, share);
      } else {
        lingersOn.schedule(
            GuardedTask.logged(() -> ConversationRoom.this.leave(caller, share)),
            LINGER_SECONDS,
            TimeUnit.SECONDS);
      }
    }

    /**
     * Keeps the place occupied for another {@value #LINGER_SECONDS} seconds after {@link #leave},
     * so that a caller gains nothing by opening another connection at once.
     */
    void linger(EventLoop loop) {
      lingersOn = loop;
    }
  }
}
