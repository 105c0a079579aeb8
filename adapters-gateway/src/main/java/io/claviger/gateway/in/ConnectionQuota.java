package io.claviger.gateway.in;

import io.claviger.domain.accounts.AddressBlock;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the connections of callers and the memory that the heads of their requests occupy.
 * Connections and memory are counted for each address, for the /56 and /48 networks around an IPv6
 * address, and for all addresses together. Any thread may use an object of this class.
 *
 * <p>Every connection has its own memory for a head of ordinary size. Larger heads share additional
 * memory, so that large heads of some callers never prevent ordinary heads of others.
 */
public final class ConnectionQuota {
  /**
   * The size, in bytes, up to which a head does not count against the shared memory for large
   * heads.
   */
  static final int ORDINARY_HEAD = 8 << 10;

  /**
   * The fraction of the heap that all large heads together may occupy: one sixteenth, which is 32
   * MiB of 512 MiB.
   */
  private static final int PART_OF_HEAP = 16;

  /**
   * The fraction of the shared memory that the large heads of one address may occupy: a quarter.
   */
  private static final int PART_FOR_ADDRESS = 4;

  private final ConnectionLimits limits;
  private final long sharedBytes;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong headBytes = new AtomicLong();
  private final ConcurrentMap<AddressBlock, AddressUse> byAddress = new ConcurrentHashMap<>();

  /**
   * @param sharedBytes the memory that all large heads share, in bytes
   */
  ConnectionQuota(ConnectionLimits limits, long sharedBytes) {
    this.limits = limits;
    this.sharedBytes = sharedBytes;
  }

  public static ConnectionQuota ofThisProcess(ConnectionLimits limits) {
    return new ConnectionQuota(limits, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
  }

  /**
   * The connections of one address or network, and the memory for the request heads on these
   * connections.
   */
  private record AddressUse(int connections, long headBytes) {
    static final AddressUse NOTHING = new AddressUse(0, 0);

    AddressUse plus(int moreConnections, long moreBytes) {
      return new AddressUse(connections + moreConnections, headBytes + moreBytes);
    }

    boolean isNothing() {
      return connections == 0 && headBytes == 0;
    }
  }

  /**
   * Counts a new connection, and returns its permit; empty if the connection's address has reached
   * its limit. This method ignores the limit for all addresses together; {@link #isOverfull} checks
   * it.
   */
  public Optional<ConnectionPermit> take(InetAddress from) {
    List<AddressBlock> around = AddressBlock.around(from.getHostAddress());
    boolean exempt = limits.proxies().contains(from);
    if (!add(around, 1, 0, exempt)) {
      return Optional.empty();
    }
    connections.incrementAndGet();
    return Optional.of(new ConnectionPermit(around, exempt));
  }

  /**
   * Whether there are too many connections from all addresses together. If the result is true, the
   * caller of this method has to close a connection.
   */
  public boolean isOverfull() {
    return isOverfullBy(1);
  }

  /** Whether there are at least this many connections too many from all addresses together. */
  public boolean isOverfullBy(int more) {
    return connections.get() >= limits.most() + more;
  }

  /** The number of connections, and of calls that still count as connections. */
  public int connections() {
    return connections.get();
  }

  /**
   * Adds connections and bytes to the address and to all networks around the address. If any of
   * them has no room, adds nothing.
   */
  private boolean add(
      List<AddressBlock> around, int moreConnections, long moreBytes, boolean exempt) {
    for (int level = 0; level < around.size(); level++) {
      if (isCountedAt(around, level)
          && !add(around.get(level), level, moreConnections, moreBytes, exempt)) {
        for (int before = 0; before < level; before++) {
          if (isCountedAt(around, before)) {
            boolean unused = add(around.get(before), before, -moreConnections, -moreBytes, true);
          }
        }
        return false;
      }
    }
    return true;
  }

  /**
   * Whether the network at this level is counted separately. For an IPv4 address, all levels are
   * the same block, which must be counted only once.
   */
  private static boolean isCountedAt(List<AddressBlock> around, int level) {
    return level == 0 || !around.get(level).equals(around.getFirst());
  }

  private boolean add(
      AddressBlock block, int level, int moreConnections, long moreBytes, boolean exempt) {
    boolean[] fits = {true};
    byAddress.compute(
        block,
        (key, before) -> {
          AddressUse held = before == null ? AddressUse.NOTHING : before;
          AddressUse after = held.plus(moreConnections, moreBytes);
          boolean more = moreConnections > 0 || moreBytes > 0;
          fits[0] = exempt || !more || isWithinBounds(after, level);
          AddressUse kept = fits[0] ? after : held;
          return kept.isNothing() ? null : kept;
        });
    return fits[0];
  }

  /**
   * Whether a network is within its limits on connections and bytes. For a /56 network, the limits
   * are 1.5 times as high; for a /48 network, they are twice as high.
   */
  private boolean isWithinBounds(AddressUse held, int level) {
    return 2L * held.connections() <= (2L + level) * limits.mostPerAddress()
        && 2 * held.headBytes() <= (2 + level) * (sharedBytes / PART_FOR_ADDRESS);
  }

  /**
   * The permit for one connection. The connection is counted until the permit is returned. The
   * permit is created on the event loop that accepts connections. Once the permit exists, it is
   * only used on the event loop of the connection.
   */
  public final class ConnectionPermit {
    private final List<AddressBlock> around;
    private final boolean exempt;
    private long shared;
    private boolean left;

    private ConnectionPermit(List<AddressBlock> around, boolean exempt) {
      this.around = around;
      this.exempt = exempt;
    }

    /**
     * Counts one more connection from the same address; empty if the limit for this address or the
     * limit for all addresses has been reached.
     *
     * @param ignoresLimit whether the limit on the connections of one address is ignored
     */
    Optional<ConnectionPermit> another(boolean ignoresLimit) {
      if (isOverfull() || !add(around, 1, 0, exempt || ignoresLimit)) {
        return Optional.empty();
      }
      connections.incrementAndGet();
      return Optional.of(new ConnectionPermit(around, exempt));
    }

    /**
     * Changes how many bytes the heads of the connection occupy in memory.
     *
     * @return whether there is room for the bytes; if there is none, nothing changes
     */
    boolean hold(int bytes) {
      long wanted = left ? 0 : Math.max(0, bytes - ORDINARY_HEAD);
      long more = wanted - shared;
      if (more == 0) {
        return true;
      }
      if (headBytes.addAndGet(more) > sharedBytes && more > 0) {
        headBytes.addAndGet(-more);
        return false;
      }
      if (!add(around, 0, more, exempt)) {
        headBytes.addAndGet(-more);
        return false;
      }
      shared = wanted;
      return true;
    }

    /**
     * The networks of the connection's address; empty if the connection comes from a trusted proxy.
     */
    Optional<List<AddressBlock>> networks() {
      return exempt ? Optional.empty() : Optional.of(around);
    }

    /** Stops counting the connection, because it is closed. */
    public void leave() {
      if (!left) {
        boolean unused = hold(0);
        left = true;
        boolean unusedToo = add(around, -1, 0, exempt);
        connections.decrementAndGet();
      }
    }
  }
}
