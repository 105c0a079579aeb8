package io.claviger.application.capacity;

import io.claviger.domain.fairness.CapacityQueue;
import io.claviger.domain.fairness.CapacityTerms;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * How many calls wait on a node, and how many bytes are held for them: in all, for the services of
 * an owner, which have at most half of each, for a service, and for a borrower of a service, who
 * has an eighth of it. When the whole room is full, the owner whose services take up most of it
 * loses the call that came last.
 */
final class WaitingRoom {
  /** How many calls may wait on a node. */
  static final int MOST_CALLS = 2_048;

  private final long mostBytes;
  private final Map<UUID, Owner> owners = new HashMap<>();
  private final Map<UUID, Integer> ofServices = new HashMap<>();
  private final Map<Borrower, Integer> ofBorrowers = new HashMap<>();
  private final List<CapacityTurn> displaced = new ArrayList<>();
  private int calls;
  private long bytes;

  /**
   * @param mostBytes how many bytes may be held for waiting calls
   */
  WaitingRoom(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** The waiting calls of an owner's services, with the bytes that are held for each. */
  private static final class Owner {
    final LinkedHashMap<CapacityTurn, Long> turns = new LinkedHashMap<>();
    long bytes;
  }

  private record Borrower(UUID service, UUID borrower) {}

  /** Enters, if there is room; a call that has entered leaves once. */
  synchronized boolean enter(CapacityTurn turn, long held) {
    CapacityTerms terms = turn.terms();
    Owner owner = owners.getOrDefault(terms.owner(), new Owner());
    if (owner.turns.size() >= MOST_CALLS / 2
        || owner.bytes + held > mostBytes / 2
        || ofServices.getOrDefault(terms.service(), 0) >= CapacityQueue.MOST_WAITING
        || ofBorrowers.getOrDefault(borrower(terms), 0) >= CapacityQueue.MOST_OF_BORROWER) {
      return false;
    }
    while (calls >= MOST_CALLS) {
      if (!displace(owner.turns.size() + 1, each -> each.turns.size())) {
        return false;
      }
    }
    while (bytes + held > mostBytes) {
      if (!displace(owner.bytes + held, each -> each.bytes)) {
        return false;
      }
    }
    owner.turns.put(turn, held);
    owner.bytes += held;
    owners.put(terms.owner(), owner);
    ofServices.merge(terms.service(), 1, Integer::sum);
    ofBorrowers.merge(borrower(terms), 1, Integer::sum);
    calls++;
    bytes += held;
    return true;
  }

  private static Borrower borrower(CapacityTerms terms) {
    return new Borrower(terms.service(), terms.borrower());
  }

  /**
   * Takes the room of the last call of the owner who has most.
   *
   * @param least an owner who has no more than this keeps it
   */
  private boolean displace(long least, ToLongFunction<Owner> size) {
    @Nullable Owner most = null;
    for (Owner each : owners.values()) {
      if (size.applyAsLong(each) > (most == null ? least : size.applyAsLong(most))) {
        most = each;
      }
    }
    if (most == null) {
      return false;
    }
    CapacityTurn last = most.turns.lastEntry().getKey();
    leave(last);
    displaced.add(last);
    return true;
  }

  /** Removes and returns the calls that lost their room to others since the last time. */
  synchronized List<CapacityTurn> takeDisplaced() {
    if (displaced.isEmpty()) {
      return List.of();
    }
    List<CapacityTurn> all = List.copyOf(displaced);
    displaced.clear();
    return all;
  }

  /** Frees the room of a call, if it has some. */
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

  /** How many calls wait. */
  synchronized int calls() {
    return calls;
  }
}
