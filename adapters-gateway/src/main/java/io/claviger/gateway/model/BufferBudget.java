package io.claviger.gateway.model;

import io.claviger.domain.accounts.UserId;
import io.claviger.domain.usage.UsageAccount;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What all bodies that are held may take of this node's memory together, and what those of one
 * caller, or of the services of one owner, may take of that. Without the shares one caller could
 * have all of it, and calls to everybody's services would be refused.
 *
 * <p>A caller has an eighth, an owner a half, and each at least as much as one largest body takes.
 * Bytes are counted as they lie in memory.
 */
public final class BufferBudget {
  /** What a body takes beside its bytes: its call's head, passage and place in the lists. */
  static final int OVERHEAD = 8 << 10;

  /** One body of {@link BufferedBody#LARGEST}, in buffers that are not quite full. */
  static final long LARGEST_BODY = BufferedBody.LARGEST + (128 << 10);

  private static final int MOST_BODIES = 4_096;

  private final Share all;
  private final Map<UserId, Share> callers = new HashMap<>();
  private final Map<UserId, Share> owners = new HashMap<>();

  /**
   * @param most bytes of all bodies together
   */
  BufferBudget(long most) {
    this.all = new Share(most, MOST_BODIES);
  }

  /** A quarter of what buffers may take at all, which is as much as the heap. */
  public static BufferBudget ofThisProcess() {
    return new BufferBudget(Runtime.getRuntime().maxMemory() / 4);
  }

  /** What some bodies may take, and do. */
  private static final class Share {
    private final long mostBytes;
    private final int mostBodies;
    private long bytes;
    private int bodies;

    Share(long mostBytes, int mostBodies) {
      this.mostBytes = mostBytes;
      this.mostBodies = mostBodies;
    }

    Share part(int divisor) {
      return new Share(Math.max(mostBytes / divisor, LARGEST_BODY), mostBodies / divisor);
    }

    boolean hasRoomFor(long more, int moreBodies) {
      return bytes + more <= mostBytes && bodies + moreBodies <= mostBodies;
    }

    void add(long more, int moreBodies) {
      bytes += more;
      bodies += moreBodies;
    }
  }

  /**
   * Room for a body that begins.
   *
   * @return null when there is none at the moment
   */
  synchronized @Nullable Place begin(UsageAccount account) {
    Place place = new Place(account.user(), account.owner());
    if (place.take(OVERHEAD, 1)) {
      return place;
    }
    place.forgetUnused();
    return null;
  }

  synchronized long bytesTaken() {
    return all.bytes;
  }

  /** Users who have something held. */
  synchronized int knownUsers() {
    return callers.size() + owners.size();
  }

  /** What one body takes. Any thread may use it. */
  final class Place {
    private final UserId caller;
    private final UserId owner;
    private final Share ofCaller;
    private final Share ofOwner;
    private long bytes;
    private int bodies;

    private Place(UserId caller, UserId owner) {
      this.caller = caller;
      this.owner = owner;
      this.ofCaller = callers.computeIfAbsent(caller, c -> all.part(8));
      this.ofOwner = owners.computeIfAbsent(owner, o -> all.part(2));
    }

    /** Takes all of them or none. */
    boolean take(int more) {
      synchronized (BufferBudget.this) {
        return take(more, 0);
      }
    }

    private boolean take(long more, int moreBodies) {
      boolean room =
          all.hasRoomFor(more, moreBodies)
              && ofCaller.hasRoomFor(more, moreBodies)
              && ofOwner.hasRoomFor(more, moreBodies);
      if (room) {
        add(more, moreBodies);
      }
      return room;
    }

    private void add(long more, int moreBodies) {
      all.add(more, moreBodies);
      ofCaller.add(more, moreBodies);
      ofOwner.add(more, moreBodies);
      bytes += more;
      bodies += moreBodies;
    }

    /** Gives everything back; what was given back counts once. */
    void close() {
      synchronized (BufferBudget.this) {
        add(-bytes, -bodies);
        forgetUnused();
      }
    }

    private void forgetUnused() {
      if (ofCaller.bodies == 0) {
        callers.remove(caller, ofCaller);
      }
      if (ofOwner.bodies == 0) {
        owners.remove(owner, ofOwner);
      }
    }
  }
}
