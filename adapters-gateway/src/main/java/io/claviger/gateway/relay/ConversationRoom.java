package io.claviger.gateway.relay;

import io.claviger.application.connections.NodeConnections;
import io.claviger.application.connections.NodeConnections.Connection;
import io.claviger.domain.accounts.User;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.gateway.wire.GuardedTask;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The memory and the number of connections that all WebSockets of a node may have together. Any
 * thread may use an object of this class.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a task that the loop drops has nothing left to do
public final class ConversationRoom {
  /** The most WebSockets that one caller may have. */
  static final int MOST_OF_CALLER = 64;

  /** The largest number of connections of all callers together. */
  static final int MOST = 1_024;

  /**
   * How many bytes each connection may hold in addition to its part of the common memory, so that
   * large messages of other people don't end the connection.
   */
  static final int OWN_BYTES = 16 * 1024;

  private static final int PART_OF_HEAP = 8;
  private static final int LINGER_SECONDS = 60;

  /** The connections of one caller may hold the common memory divided by this number. */
  private static final int PART_OF_CALLER = 4;

  private final long mostBytes;
  private final long mostBytesOfCaller;
  private final NodeConnections opened;
  private final AtomicLong held = new AtomicLong();

  private final Map<User.Id, Share> open = new HashMap<>();

  private int all;

  /** How many connections one caller has, and how many bytes these connections hold. */
  private static final class Share {
    /** Guarded by the lock of this object. */
    private int connections;

    private final AtomicLong held = new AtomicLong();
  }

  /**
   * @param mostBytes how many bytes all connections together may hold, in addition to the {@link
   *     #OWN_BYTES} of each connection
   * @param largest the size, in bytes, of the largest message; each caller may always hold one
   *     message of this size
   */
  ConversationRoom(long mostBytes, long largest, NodeConnections opened) {
    this.mostBytes = mostBytes;
    this.mostBytesOfCaller = Math.max(mostBytes / PART_OF_CALLER, largest);
    this.opened = opened;
  }

  /**
   * @param opened registers the WebSockets that are open
   */
  public static ConversationRoom ofThisProcess(NodeConnections opened) {
    return new ConversationRoom(
        Runtime.getRuntime().maxMemory() / PART_OF_HEAP, 2 * MessageReader.LONGEST, opened);
  }

  /**
   * Reserves a place for one connection.
   *
   * @return the place; empty if there are too many connections of this caller or of all callers
   */
  synchronized Optional<Place> enter(User.Id caller) {
    Share own = open.getOrDefault(caller, new Share());
    if (own.connections >= MOST_OF_CALLER || all >= MOST) {
      return Optional.empty();
    }
    own.connections++;
    open.put(caller, own);
    all++;
    return Optional.of(new Place(caller, own));
  }

  private synchronized void leave(User.Id caller, Share own) {
    all--;
    own.connections--;
    if (own.connections == 0) {
      open.remove(caller);
    }
  }

  /** The place that one connection occupies. Only used on the event loop of the connection. */
  final class Place {
    private final User.Id caller;
    private final Share share;

    /** How many bytes the connection holds in addition to its own {@link #OWN_BYTES}. */
    private long holding;

    /**
     * How many bytes other threads, or writes that are not complete, still use. These bytes stay in
     * memory even after the connection has ended.
     */
    private long kept;

    private boolean left;
    private boolean freed;
    private @Nullable EventLoop lingersOn;
    private @Nullable Connection connection;

    private Place(User.Id caller, Share share) {
      this.caller = caller;
      this.share = share;
    }

    /**
     * Sets how many bytes the connection holds now; the bytes that it {@link #keep keeps} are not
     * among them.
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
     * Adds the connection to the list of open connections. Called when the handshake has been
     * answered.
     *
     * @param end ends the connection; may be called by any thread
     */
    Connection opened(UsageAccount account, Runnable end) {
      Connection now = opened.opened(account, end);
      connection = now;
      return now;
    }

    /** The connection in the list of open connections, once the handshake has been answered. */
    Optional<Connection> connection() {
      return Optional.ofNullable(connection);
    }

    /**
     * Keeps room for a message that another thread reads, or for which the database has to be
     * queried. The message stays in memory until {@link #release}, even if the connection ends.
     */
    void keep(long bytes) {
      kept += bytes;
    }

    /**
     * Keeps room for the bytes that were written to one side of the conversation but not sent yet,
     * until that side is closed. Must be called before {@link #leave}.
     */
    void keepUnwritten(Channel side) {
      long unwritten = MessageFlow.unwritten(side);
      if (unwritten > 0) {
        keep(unwritten);
        side.closeFuture().addListener(closed -> release(unwritten));
      }
    }

    /** Returns how many bytes are kept. */
    long kept() {
      return kept;
    }

    /**
     * Called when a message for which room was kept has been forwarded, refused or dropped. Called
     * exactly once for each {@link #keep}.
     */
    void release(long bytes) {
      kept -= bytes;
      if (left) {
        boolean unused = hold(0);
        free();
      }
    }

    /**
     * Leaves the place. The place becomes free when none of its memory is kept any more. So a
     * caller does not gain memory by opening and closing one connection after another. This method
     * can be called repeatedly.
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
     * so that a caller gains nothing by opening another connection immediately.
     */
    void linger(EventLoop loop) {
      lingersOn = loop;
    }
  }
}
