package io.claviger.gateway.relay;

import io.claviger.application.connections.NodeConnections;
import io.claviger.application.connections.NodeConnections.Connection;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.gateway.wire.GuardedTask;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Shares memory and connections among all WebSockets of a node. A person and their service accounts
 * are one caller. If there is no memory for more bytes, the largest connection of the caller who
 * holds the most bytes is ended. So callers who fill the memory can't keep other callers from using
 * it. Any thread may use an object of this class.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a task that the loop drops has nothing left to do
public final class ConversationRoom {
  /** The maximum number of WebSockets per caller. */
  static final int MOST_OF_CALLER = 64;

  /** The maximum number of connections for all callers together. */
  static final int MOST = 1_024;

  /**
   * The number of bytes that each connection may hold apart from the shared memory. So other
   * people's large messages do not end the connection.
   */
  static final int OWN_BYTES = 16 * 1024;

  private static final int PART_OF_HEAP = 8;
  private static final int LINGER_SECONDS = 60;

  /** The fraction of the shared memory that a caller's connections together may hold: a quarter. */
  private static final int PART_OF_CALLER = 4;

  /**
   * The fraction by which all connections together may exceed their limit while Claviger closes
   * connections in order to free memory: a quarter.
   */
  private static final int PART_WHILE_ENDING = 4;

  private final long mostBytes;
  private final long mostBytesWhileEnding;
  private final long mostBytesOfCaller;
  private final NodeConnections opened;
  private final AtomicLong held = new AtomicLong();

  private final Map<UUID, Share> open = new HashMap<>();

  private int all;

  /**
   * The number of bytes held by connections that Claviger is closing in order to free memory.
   * Guarded by the {@link ConversationRoom}.
   */
  private long ending;

  /** The connections of one caller, and the bytes that they hold. */
  private static final class Share {
    /** Guarded by the {@link ConversationRoom}. */
    private final Set<Place> places = new HashSet<>();

    /**
     * The number of those bytes of the caller that belong to connections that are ending. Guarded
     * by the {@link ConversationRoom}.
     */
    private long ending;

    private final AtomicLong held = new AtomicLong();

    /**
     * The number of bytes that the caller's connections hold, not counting connections that are
     * ending.
     */
    private long remaining() {
      return held.get() - ending;
    }
  }

  /**
   * @param mostBytes the number of bytes that all connections together may hold, not counting
   *     {@link #OWN_BYTES} of each connection
   * @param largest the largest message, in bytes; each caller may always hold one such message
   */
  ConversationRoom(long mostBytes, long largest, NodeConnections opened) {
    this.mostBytes = mostBytes;
    this.mostBytesWhileEnding = mostBytes + mostBytes / PART_WHILE_ENDING;
    this.mostBytesOfCaller = Math.max(mostBytes / PART_OF_CALLER, largest);
    this.opened = opened;
  }

  /**
   * @param opened the object that keeps the list of open WebSockets
   */
  public static ConversationRoom ofThisProcess(NodeConnections opened) {
    return new ConversationRoom(
        Runtime.getRuntime().maxMemory() / PART_OF_HEAP, 2 * MessageReader.LONGEST, opened);
  }

  /**
   * Reserves a place for a connection.
   *
   * @param caller the id whose limits apply
   * @return empty if the caller, or all callers together, have too many connections
   */
  synchronized Optional<Place> enter(UUID caller) {
    Share own = open.getOrDefault(caller, new Share());
    if (own.places.size() >= MOST_OF_CALLER || all >= MOST) {
      return Optional.empty();
    }
    Place place = new Place(caller, own);
    own.places.add(place);
    open.put(caller, own);
    all++;
    return Optional.of(place);
  }

  private synchronized void leave(Place place) {
    all--;
    place.share.places.remove(place);
    if (place.share.places.isEmpty()) {
      open.remove(place.caller);
    }
  }

  /**
   * Ends connections until the remaining connections hold few enough bytes.
   *
   * @param asking the caller who needs memory; the new bytes are already counted
   * @return false if the asking caller holds the most bytes, or if the ending connections still
   *     hold too much
   */
  private synchronized boolean makeRoom(Share asking) {
    while (held.get() - ending > mostBytes) {
      Share greediest = null;
      for (Share each : open.values()) {
        if (each.remaining() > (greediest == null ? asking : greediest).remaining()) {
          greediest = each;
        }
      }
      Optional<Place> largest = Optional.ofNullable(greediest).flatMap(ConversationRoom::largestOf);
      if (largest.isEmpty()) {
        return false;
      }
      giveWay(largest.get());
    }
    return held.get() <= mostBytesWhileEnding;
  }

  private static Optional<Place> largestOf(Share share) {
    return share.places.stream()
        .filter(place -> !place.givesWay && place.holding > 0)
        .max(Comparator.comparingLong(place -> place.holding));
  }

  private void giveWay(Place place) {
    place.givesWay = true;
    place.ending = place.holding;
    place.share.ending += place.ending;
    ending += place.ending;
    place.end.run();
  }

  /** Counts the bytes that an ending connection has freed. */
  private synchronized void countFreed(Place place) {
    long freed = place.ending - Math.min(place.ending, place.holding);
    place.ending -= freed;
    place.share.ending -= freed;
    ending -= freed;
  }

  /**
   * The place that one connection occupies in this room. Confined to the connection's event loop,
   * except where a field says otherwise.
   */
  final class Place {
    private final UUID caller;
    private final Share share;

    /**
     * The number of bytes that the connection holds beyond {@link #OWN_BYTES}. Read by other
     * threads.
     */
    private volatile long holding;

    /**
     * Whether the connection has to end to free memory for other connections. Set by other threads.
     */
    private volatile boolean givesWay;

    /**
     * The number of the connection's bytes that count as bytes of a connection that is ending.
     * Guarded by the {@link ConversationRoom}.
     */
    private long ending;

    private volatile Runnable end = () -> {};

    /**
     * The number of bytes that are still in use by other threads or by incomplete writes. These
     * bytes stay in memory even after the end of the connection.
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

    /** The id whose limits apply to the connection. */
    UUID caller() {
      return caller;
    }

    /**
     * Sets how to end the connection if other connections need its memory.
     *
     * @param end an action that ends the connection; it may be called on any thread, and must not
     *     wait for the end of the connection
     */
    void endBy(Runnable end) {
      this.end = end;
    }

    /**
     * Sets how many bytes the connection holds now, without the bytes passed to {@link #keep}.
     *
     * @return false if the connection must close, because the caller's connections hold too many
     *     bytes. The result is also false if all connections together hold too many bytes and no
     *     other caller holds more
     */
    boolean hold(long bytes) {
      long now = Math.max(0, bytes + kept - OWN_BYTES);
      long more = now - holding;
      holding = now;
      boolean fits = share.held.addAndGet(more) <= mostBytesOfCaller;
      boolean isRoom = held.addAndGet(more) <= mostBytes;
      if (givesWay) {
        countFreed(this);
      }
      return more <= 0 || (fits && !givesWay && (isRoom || makeRoom(share)));
    }

    /**
     * Adds the connection to the list of open connections. Called after the answer to the
     * handshake.
     *
     * @param end an action that ends the connection; it may be called on any thread
     */
    Connection opened(UsageAccount account, Runnable end) {
      Connection now = opened.opened(account, end);
      connection = now;
      return now;
    }

    /** The connection in the list of open connections; empty before the answer to the handshake. */
    Optional<Connection> connection() {
      return Optional.ofNullable(connection);
    }

    /**
     * Keeps memory for a message that another thread is reading or that waits for the database. The
     * message stays in memory until {@link #release}, even after the end of the connection.
     */
    void keep(long bytes) {
      kept += bytes;
    }

    /**
     * Keeps memory reserved for the bytes that are written to one side but not yet sent, until that
     * side is closed. Must be called before {@link #leave}.
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
     * Called after a kept message has been forwarded, refused or dropped. Called once for each
     * {@link #keep}.
     */
    void release(long bytes) {
      kept -= bytes;
      if (left) {
        boolean unused = hold(0);
        free();
      }
    }

    /**
     * Gives up the connection's place. The place becomes free when all kept memory has been
     * released. So a caller gains no memory by opening and closing one connection after another.
     * This method can be called repeatedly.
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
        ConversationRoom.this.leave(this);
      } else {
        lingersOn.schedule(
            GuardedTask.logged(() -> ConversationRoom.this.leave(this)),
            LINGER_SECONDS,
            TimeUnit.SECONDS);
      }
    }

    /**
     * Keeps the place occupied for {@value #LINGER_SECONDS} more seconds after {@link #leave}, so
     * that a caller gains nothing by opening another connection immediately.
     */
    void linger(EventLoop loop) {
      lingersOn = loop;
    }
  }
}
