package io.claviger.gateway.model;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.domain.accounts.User;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Limits the memory that all buffered bodies of this node take together. Without limits, one caller
 * could take all of this memory, and all other calls would be refused.
 *
 * <p>A caller may take an eighth of the memory. All services of one owner together may take half of
 * the memory. A person and their service accounts are one caller. The limits of each caller and
 * each owner are, however, never smaller than the largest body. Bytes count as soon as they are
 * allocated.
 */
public final class BufferBudget {
  /**
   * The number of bytes that are counted for each body in addition to its own bytes, for example
   * for the head of the request.
   */
  static final int OVERHEAD = 8 << 10;

  /** The maximum number of unused bytes in the buffers of one body. */
  private static final int SLACK = 128 << 10;

  /**
   * The memory, in bytes, that a body of {@link BufferedBody#LARGEST} bytes occupies, including the
   * unused room in its buffers.
   */
  static final long LARGEST_BODY = BufferedBody.LARGEST + SLACK;

  private static final int MOST_BODIES = 4_096;

  private final BufferAllowance all;
  private final Map<UUID, BufferAllowance> callers = new HashMap<>();
  private final Map<User.Id, BufferAllowance> owners = new HashMap<>();

  private final long largest;

  /**
   * @param most the maximum number of bytes that all bodies may occupy together
   * @param largest the maximum number of bytes that one body may occupy
   */
  BufferBudget(long most, long largest) {
    this.all = new BufferAllowance(most, MOST_BODIES);
    this.largest = largest;
  }

  /**
   * Returns a budget that lets bodies take a quarter of the memory for buffers. The memory for
   * buffers is as large as the heap.
   *
   * @param largestBody the size of the largest buffered body, in bytes
   */
  public static BufferBudget ofThisProcess(long largestBody) {
    return new BufferBudget(
        Runtime.getRuntime().maxMemory() / 4, Math.max(BufferedBody.LARGEST, largestBody) + SLACK);
  }

  /**
   * The bytes and bodies that count for a caller, for an owner or for everybody, and their limits.
   */
  private static final class BufferAllowance {
    private final long mostBytes;
    private final int mostBodies;
    private long bytes;
    private int bodies;

    BufferAllowance(long mostBytes, int mostBodies) {
      this.mostBytes = mostBytes;
      this.mostBodies = mostBodies;
    }

    BufferAllowance part(int divisor, long least) {
      return new BufferAllowance(Math.max(mostBytes / divisor, least), mostBodies / divisor);
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
   * Reserves memory for a new body.
   *
   * @return null if there is no memory at the moment
   */
  @Nullable BufferReservation begin(AuthorizedCall call) {
    return begin(call.countedAs(), Optional.of(call.owner()));
  }

  /**
   * Reserves memory for a new body.
   *
   * @param caller the id whose limit applies ({@link AuthorizedCall#countedAs})
   * @param owner the owner of the service; empty if the body selects the service
   * @return null if there is no memory at the moment
   */
  synchronized @Nullable BufferReservation begin(UUID caller, Optional<User.Id> owner) {
    BufferReservation reservation = new BufferReservation(caller, owner);
    if (reservation.take(OVERHEAD, 1)) {
      return reservation;
    }
    reservation.forgetUnused();
    return null;
  }

  /**
   * Returns the reservation.
   *
   * @param reservation null if there was no memory
   * @throws CallRefused if the reservation is null
   */
  static BufferReservation taken(@Nullable BufferReservation reservation) {
    if (reservation == null) {
      throw new CallRefused(CallError.BUSY);
    }
    return reservation;
  }

  synchronized long bytesTaken() {
    return all.bytes;
  }

  /** Returns the number of callers and owners who have buffered bodies at present. */
  synchronized int knownUsers() {
    return callers.size() + owners.size();
  }

  /** The memory that one body has reserved. Any thread may use a reservation. */
  final class BufferReservation {
    private final UUID caller;
    private final Optional<User.Id> owner;
    private final BufferAllowance ofCaller;
    private final Optional<BufferAllowance> ofOwner;
    private long bytes;
    private int bodies;

    private BufferReservation(UUID caller, Optional<User.Id> owner) {
      this.caller = caller;
      this.owner = owner;
      this.ofCaller = callers.computeIfAbsent(caller, c -> all.part(8, largest));
      this.ofOwner = owner.map(id -> owners.computeIfAbsent(id, o -> all.part(2, largest)));
    }

    /** The id whose limit applies to the body. */
    UUID caller() {
      return caller;
    }

    /**
     * Reserves the given number of further bytes. If there is no room for all of them, reserves
     * nothing.
     */
    boolean take(int more) {
      synchronized (BufferBudget.this) {
        return take(more, 0);
      }
    }

    /** Whether there would be room for the given number of further bytes without other bodies. */
    boolean couldTake(int more) {
      synchronized (BufferBudget.this) {
        long own = bytes + more;
        return own <= all.mostBytes
            && own <= ofCaller.mostBytes
            && (ofOwner.isEmpty() || own <= ofOwner.get().mostBytes);
      }
    }

    private boolean take(long more, int moreBodies) {
      boolean room =
          all.hasRoomFor(more, moreBodies)
              && ofCaller.hasRoomFor(more, moreBodies)
              && (ofOwner.isEmpty() || ofOwner.get().hasRoomFor(more, moreBodies));
      if (room) {
        add(more, moreBodies);
      }
      return room;
    }

    private void add(long more, int moreBodies) {
      all.add(more, moreBodies);
      ofCaller.add(more, moreBodies);
      ofOwner.ifPresent(share -> share.add(more, moreBodies));
      bytes += more;
      bodies += moreBodies;
    }

    /** Gives back all reserved bytes. This method may be called more than once. */
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
      if (ofOwner.isPresent() && ofOwner.get().bodies == 0) {
        owners.remove(owner.orElseThrow(), ofOwner.get());
      }
    }
  }
}
