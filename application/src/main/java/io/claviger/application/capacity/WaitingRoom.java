package io.claviger.application.capacity;

import io.claviger.domain.fairness.CapacityQueue;
import io.claviger.domain.fairness.CapacityTerms;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * How many calls wait on a node, and how many bytes are held for them: in all, for the services of
 * an owner, which have at most half of each, and for a service.
 */
final class WaitingRoom {
  /** How many calls may wait on a node. */
  static final int MOST_CALLS = 2_048;

  private final long mostBytes;
  private final Map<UUID, Held> owners = new HashMap<>();
  private final Map<UUID, Held> services = new HashMap<>();
  private final Held all = new Held();

  /**
   * @param mostBytes how many bytes may be held for waiting calls
   */
  WaitingRoom(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  private static final class Held {
    int calls;
    long bytes;
  }

  /** Enters, if there is room; a call that has entered leaves once. */
  synchronized boolean enter(CapacityTerms terms, long bytes) {
    Held owner = owners.getOrDefault(terms.owner(), new Held());
    Held service = services.getOrDefault(terms.service(), new Held());
    if (!fits(all, bytes, MOST_CALLS, mostBytes)
        || !fits(owner, bytes, MOST_CALLS / 2, mostBytes / 2)
        || !fits(service, bytes, CapacityQueue.MOST_WAITING, mostBytes)) {
      return false;
    }
    add(all, 1, bytes);
    add(owner, 1, bytes);
    add(service, 1, bytes);
    owners.put(terms.owner(), owner);
    services.put(terms.service(), service);
    return true;
  }

  private static boolean fits(Held held, long bytes, int mostCalls, long mostBytes) {
    return held.calls < mostCalls && held.bytes + bytes <= mostBytes;
  }

  private static void add(Held held, int calls, long bytes) {
    held.calls += calls;
    held.bytes += bytes;
  }

  synchronized void leave(CapacityTerms terms, long bytes) {
    add(all, -1, -bytes);
    leave(owners, terms.owner(), bytes);
    leave(services, terms.service(), bytes);
  }

  private static void leave(Map<UUID, Held> each, UUID id, long bytes) {
    each.computeIfPresent(
        id,
        (unused, held) -> {
          add(held, -1, -bytes);
          return held.calls == 0 ? null : held;
        });
  }

  /** How many calls wait. */
  synchronized int calls() {
    return all.calls;
  }
}
