package io.claviger.application.capacity;

import io.claviger.domain.fairness.CapacityQueue;
import io.claviger.domain.fairness.CapacityTerms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Limits the number of calls that wait on a node, and the memory that these calls occupy. There are
 * limits for the whole node, each owner, each service, and each borrower of a service. An owner's
 * services have at most half of the room. A borrower of a service may have an eighth of the calls
 * that may wait for the service. If the room is full, a waiting call is refused to make room. This
 * call belongs to the owner whose calls occupy the most room. Among this owner's calls, it is the
 * call that arrived last.
 */
final class WaitingRoom {
  /** The maximum number of calls that wait on a node. */
  static final int MOST_CALLS = 2_048;

  private final long mostBytes;
  private final Map<UUID, Owner> owners = new HashMap<>();
  private final Map<UUID, Integer> ofServices = new HashMap<>();
  private final Map<Borrower, Integer> ofBorrowers = new HashMap<>();
  private final List<CapacityTurn> displaced = new ArrayList<>();
  private int calls;
  private long bytes;

  /**
   * @param mostBytes the maximum memory that waiting calls may occupy together, in bytes
   */
  WaitingRoom(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** The waiting calls of an owner's services, with the memory of each call in bytes. */
  private static final class Owner {
    final LinkedHashMap<CapacityTurn, Long> turns = new LinkedHashMap<>();
    long bytes;
  }

  private record Borrower(UUID service, UUID borrower) {}

  /**
   * Reserves room for a call. Returns false if there is no room left; then all calls keep their
   * room. A call with room must free the room exactly once.
   *
   * @param held the memory of the call, in bytes
   * @param leaving the call of the same owner whose room becomes free if this call gets room
   */
  synchronized boolean enter(CapacityTurn turn, long held, Optional<CapacityTurn> leaving) {
    Owner owner = owners.getOrDefault(turn.terms().owner(), new Owner());
    Optional<CapacityTurn> freed = leaving.filter(owner.turns::containsKey);
    int added = freed.isPresent() ? 0 : 1;
    long addedBytes = held - freed.map(owner.turns::get).orElse(0L);
    if (owner.turns.size() + added > MOST_CALLS / 2
        || owner.bytes + addedBytes > mostBytes / 2
        || !hasPart(turn.terms(), freed.map(CapacityTurn::terms))) {
      return false;
    }
    LinkedHashMap<CapacityTurn, Long> displacing = new LinkedHashMap<>();
    while (calls + added > MOST_CALLS || bytes + addedBytes > mostBytes) {
      boolean isDisplaced =
          turn.mayDisplace()
              && (calls + added > MOST_CALLS
                  ? displace(owner.turns.size() + added, each -> each.turns.size(), displacing)
                  : displace(owner.bytes + addedBytes, each -> each.bytes, displacing));
      if (!isDisplaced) {
        displacing.reversed().forEach(this::add);
        return false;
      }
    }
    displaced.addAll(displacing.keySet());
    freed.ifPresent(this::leave);
    add(turn, held);
    return true;
  }

  /** Whether the parts of the call's service and borrower have room for the call. */
  private boolean hasPart(CapacityTerms terms, Optional<CapacityTerms> freed) {
    boolean sameService = freed.filter(of -> of.service().equals(terms.service())).isPresent();
    boolean sameBorrower = freed.filter(of -> borrower(of).equals(borrower(terms))).isPresent();
    return ofServices.getOrDefault(terms.service(), 0) - (sameService ? 1 : 0)
            < CapacityQueue.MOST_WAITING
        && ofBorrowers.getOrDefault(borrower(terms), 0) - (sameBorrower ? 1 : 0)
            < CapacityQueue.MOST_OF_BORROWER;
  }

  private void add(CapacityTurn turn, long held) {
    CapacityTerms terms = turn.terms();
    Owner owner = owners.computeIfAbsent(terms.owner(), unused -> new Owner());
    owner.turns.put(turn, held);
    owner.bytes += held;
    ofServices.merge(terms.service(), 1, Integer::sum);
    ofBorrowers.merge(borrower(terms), 1, Integer::sum);
    calls++;
    bytes += held;
  }

  private static Borrower borrower(CapacityTerms terms) {
    return new Borrower(terms.service(), terms.borrower());
  }

  /**
   * Finds the owner who occupies the most room. The last call among this owner's calls loses its
   * room.
   *
   * @param least the limit up to which an owner can occupy room without losing any of it
   * @param displacing a map; the call that has lost its room is added to this map, with the memory
   *     of the call
   */
  private boolean displace(
      long least, ToLongFunction<Owner> size, Map<CapacityTurn, Long> displacing) {
    @Nullable Owner most = null;
    for (Owner each : owners.values()) {
      if (size.applyAsLong(each) > (most == null ? least : size.applyAsLong(most))) {
        most = each;
      }
    }
    if (most == null) {
      return false;
    }
    Map.Entry<CapacityTurn, Long> last = most.turns.lastEntry();
    leave(last.getKey());
    displacing.put(last.getKey(), last.getValue());
    return true;
  }

  /**
   * Removes and returns the calls that have lost their room to other calls since the last
   * invocation of this method.
   */
  synchronized List<CapacityTurn> takeDisplaced() {
    if (displaced.isEmpty()) {
      return List.of();
    }
    List<CapacityTurn> all = List.copyOf(displaced);
    displaced.clear();
    return all;
  }

  /** Frees the room of a call, if the call has room. */
  synchronized void leave(CapacityTurn turn) {
    CapacityTerms terms = turn.terms();
    Owner owner = owners.get(terms.owner());
    Long held = owner == null ? null : owner.turns.remove(turn);
    if (owner == null || held == null) {
      return;
    }
    owner.bytes -= held;
    calls--;
    bytes -= held;
    if (owner.turns.isEmpty()) {
      owners.remove(terms.owner());
    }
    ofServices.computeIfPresent(terms.service(), WaitingRoom::oneLess);
    ofBorrowers.computeIfPresent(borrower(terms), WaitingRoom::oneLess);
  }

  private static <K> @Nullable Integer oneLess(K unused, Integer count) {
    return count == 1 ? null : Integer.valueOf(count - 1);
  }

  /** Returns the number of waiting calls. */
  synchronized int calls() {
    return calls;
  }
}
