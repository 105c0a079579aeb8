package io.claviger.application.gateway;

import io.claviger.domain.accounts.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Finds what is remembered by what it depends on and by whose it is, without going through all of
 * it. Safe for use by several threads.
 *
 * @param <Q> what remembered things are found by
 */
final class CacheIndex<Q> {
  private final Map<UUID, Set<Q>> bySubject = new HashMap<>();
  private final Map<UserId, Holding<Q>> byUser = new HashMap<>();
  private long weight;

  /** One user's, the oldest first, with the bytes that each takes. */
  private static final class Holding<Q> {
    private final Map<Q, Integer> weights = new LinkedHashMap<>();
    private long sum;
  }

  synchronized void add(Q question, UserId user, Set<UUID> subjects, int bytes) {
    Holding<Q> holding = byUser.computeIfAbsent(user, u -> new Holding<>());
    Integer before = holding.weights.put(question, bytes);
    long more = (long) bytes - (before == null ? 0 : before);
    holding.sum += more;
    weight += more;
    for (UUID subject : subjects) {
      boolean unused = bySubject.computeIfAbsent(subject, s -> new HashSet<>(4)).add(question);
    }
  }

  synchronized void remove(Q question, UserId user, Set<UUID> subjects, int bytes) {
    Holding<Q> holding = byUser.get(user);
    if (holding == null || holding.weights.remove(question) == null) {
      return;
    }
    holding.sum -= bytes;
    weight -= bytes;
    if (holding.weights.isEmpty()) {
      byUser.remove(user);
    }
    for (UUID subject : subjects) {
      Set<Q> depending = bySubject.get(subject);
      if (depending != null && depending.remove(question) && depending.isEmpty()) {
        bySubject.remove(subject);
      }
    }
  }

  /** What depends on any of some subjects. */
  synchronized Set<Q> dependingOn(Set<UUID> subjects) {
    Set<Q> depending = new HashSet<>();
    for (UUID subject : subjects) {
      depending.addAll(bySubject.getOrDefault(subject, Set.of()));
    }
    return depending;
  }

  /** A user's oldest, as many as have to go so that the others take no more than some bytes. */
  synchronized List<Q> oldestBeyond(long most, UserId user) {
    List<Q> oldest = new ArrayList<>();
    Holding<Q> holding = byUser.get(user);
    if (holding != null) {
      long left = holding.sum;
      for (Map.Entry<Q, Integer> each : holding.weights.entrySet()) {
        if (left <= most) {
          break;
        }
        oldest.add(each.getKey());
        left -= each.getValue();
      }
    }
    return oldest;
  }

  synchronized List<Q> all() {
    return byUser.values().stream().flatMap(h -> h.weights.keySet().stream()).toList();
  }

  synchronized long weight(UserId user) {
    Holding<Q> holding = byUser.get(user);
    return holding == null ? 0 : holding.sum;
  }

  synchronized long weight() {
    return weight;
  }
}
