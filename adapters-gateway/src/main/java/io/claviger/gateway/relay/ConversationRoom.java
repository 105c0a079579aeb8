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
 * The memory and the number of connections that all WebSockets of a node share. A person and their
 * service accounts are one caller. If there is no room for more bytes, the room ends the largest
 * connection of the caller who holds most bytes. So callers who fill the memory do not prevent
 * other callers from using it. Any thread may use an object of this class.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a task that the loop drops has nothing left to do
public final class ConversationRoom {
  /** The largest number of WebSockets that one caller may have. */
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

  /** The connections of one caller together may hold the common memory divided by this number. */
  private static final int PART_OF_CALLER = 4;

  /**
   * While connections end to make room, all connections together may exceed their limit by this
   * fraction of it: one divided by this number.
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
   * How many bytes are held by the connections that are ending to make room. Guarded by the room.
   */
  private long ending;

  /** The connections of one caller, and the bytes that they hold. */
  private static final class Share {
    /** Guarded by the room. */
    private final Set<Place> places = new HashSet<>();

    /** How many of the bytes belong to connections that are ending. Guarded by the room. */
    private long ending;

    private final AtomicLong held = new AtomicLong();

    /** How many bytes the caller's connections hold, apart from the connections that are ending. */
    private long remaining() {
      return held.get() - ending;
    }
  }

  /**
   * @param mostBytes how many bytes all connections together may hold, in addition to the {@link
   *     #OWN_BYTES} of each connection
   * @param largest the size, in bytes, of the largest message; each caller may always hold one
   *     message of this size
   */
  ConversationRoom(long mostBytes, long largest, NodeConnections opened) {
    this.mostBytes = mostBytes;
    this.mostBytesWhileEnding = mostBytes + mostBytes / PART_WHILE_ENDING;
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
   * @param caller the id under which the caller is counted
   * @return empty if the caller has too many connections, or if all callers together have too many
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
   * Ends connections until the remaining connections together hold no more than they may.
   *
   * @param asking the caller who needs room; their new bytes are counted already
   * @return false if the asking caller holds most bytes, or if there is no room until the ending
   *     connections have ended
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

  /** Counts the bytes that a connection no longer holds while it ends to make room. */
  private synchronized void countFreed(Place place) {
    long freed = place.ending - Math.min(place.ending, place.holding);
    place.ending -= freed;
    place.share.ending -= freed;
    ending -= freed;
  }

  /** The place of one connection. Confined to its event loop, unless a field says otherwise. */
  final class Place {
    private final UUID caller;
    private final Share share;

    /**
     * How many bytes the connection holds in addition to its own {@link #OWN_BYTES}. Read by other
     * threads.
     */
    private volatile long holding;

    /**
     * Whether the connection has to end, so that other connections have room. Set by other threads.
     */
    private volatile boolean givesWay;

    /**
     * How many bytes of this connection are counted as bytes of a connection that is ending.
     * Guarded by the room.
     */
    private long ending;

    private volatile Runnable end = () -> {};

    /**
     * How many bytes other threads, or writes that are not complete, still use. These bytes stay in
     * memory even after the connection has ended.
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
     * Sets how the connection is ended if other connections need its room.
     *
     * @param end may be called by any thread, and must only begin to end the connection
     */
    void endBy(Runnable end) {
      this.end = end;
    }

    /**
     * Sets how many bytes the connection holds now; the bytes that it {@link #keep keeps} are not
     * among them.
     *
     * @return false if the caller's connections hold too many bytes. Also false if all connections
     *     together hold too many bytes, and no other caller holds more. If false, this connection
     *     has to be closed
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
        ConversationRoom.this.leave(this);
      } else {
        lingersOn.schedule(
            GuardedTask.logged(() -> ConversationRoom.this.leave(this)),
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
