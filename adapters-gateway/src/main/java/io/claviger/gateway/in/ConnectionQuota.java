package io.claviger.gateway.in;

import io.claviger.domain.accounts.AddressBlock;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the connections of callers and the memory of their requests' heads, for each address and
 * in all. Can be used by any thread.
 *
 * <p>Every connection has room for an ordinary head. Larger heads share additional memory, so that
 * a caller with ordinary heads is served whatever others send.
 */
public final class ConnectionQuota {
  /** Bytes that the head of one connection may take without a part of the shared memory. */
  static final int ORDINARY_HEAD = 8 << 10;

  /** Large heads share this part of the heap: 32 MiB of 512 MiB. */
  private static final int PART_OF_HEAP = 16;

  /** The large heads of one address may take at most this part of the shared memory. */
  private static final int PART_FOR_ADDRESS = 4;

  private final ConnectionLimits limits;
  private final long sharedBytes;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong headBytes = new AtomicLong();
  private final ConcurrentMap<AddressBlock, AddressUse> byAddress = new ConcurrentHashMap<>();

  /**
   * @param sharedBytes for what all heads together exceed ordinary ones by
   */
  ConnectionQuota(ConnectionLimits limits, long sharedBytes) {
    this.limits = limits;
    this.sharedBytes = sharedBytes;
  }

  public static ConnectionQuota ofThisProcess(ConnectionLimits limits) {
    return new ConnectionQuota(limits, Runtime.getRuntime().maxMemory() / PART_OF_HEAP);
  }

  /** What one address takes. */
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
   * Counts a connection. Empty when its address has as many as it may have. Whether there are too
   * many in all is told by {@link #isOverfull}.
   */
  public Optional<ConnectionPermit> take(InetAddress from) {
    AddressBlock block = AddressBlock.of(from.getHostAddress());
    boolean exempt = limits.proxies().contains(from);
    if (!add(block, 1, 0, exempt)) {
      return Optional.empty();
    }
    connections.incrementAndGet();
    return Optional.of(new ConnectionPermit(block, exempt));
  }

  /** Whether there are too many connections in all, so that one has to be closed. */
  public boolean isOverfull() {
    return connections.get() > limits.most();
  }

  int connections() {
    return connections.get();
  }

  private boolean add(AddressBlock block, int moreConnections, long moreBytes, boolean exempt) {
    boolean[] fits = {true};
    byAddress.compute(
        block,
        (key, before) -> {
          AddressUse held = before == null ? AddressUse.NOTHING : before;
          AddressUse after = held.plus(moreConnections, moreBytes);
          boolean more = moreConnections > 0 || moreBytes > 0;
          fits[0] = exempt || !more || isWithinBounds(after);
          AddressUse kept = fits[0] ? after : held;
          return kept.isNothing() ? null : kept;
        });
    return fits[0];
  }

  private boolean isWithinBounds(AddressUse held) {
    return held.connections() <= limits.mostPerAddress()
        && held.headBytes() <= sharedBytes / PART_FOR_ADDRESS;
  }

  /** One connection that is counted. Confined to its event loop. */
  public final class ConnectionPermit {
    private final AddressBlock block;
    private final boolean exempt;
    private long shared;
    private boolean left;

    private ConnectionPermit(AddressBlock block, boolean exempt) {
      this.block = block;
      this.exempt = exempt;
    }

    /** One more for the same address. Empty where that has as many as it may have, or all have. */
    Optional<ConnectionPermit> another() {
      if (isOverfull() || !add(block, 1, 0, exempt)) {
        return Optional.empty();
      }
      connections.incrementAndGet();
      return Optional.of(new ConnectionPermit(block, exempt));
    }

    /**
     * Changes how many bytes the heads of the connection take.
     *
     * @return whether there is room; if not, nothing changes
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
      if (!add(block, 0, more, exempt)) {
        headBytes.addAndGet(-more);
        return false;
      }
      shared = wanted;
      return true;
    }

    /** The connection is closed. */
    public void leave() {
      if (!left) {
        boolean unused = hold(0);
        left = true;
        add(block, -1, 0, exempt);
        connections.decrementAndGet();
      }
    }
  }
}
