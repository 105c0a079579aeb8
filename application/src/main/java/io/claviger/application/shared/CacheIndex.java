package io.claviger.application.shared;

import io.claviger.domain.accounts.User;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Finds cached entries by their user, and by the things that they depend on, without searching all
 * entries. Several threads can use this class at the same time.
 *
 * @param <Q> the type of the entries' keys
 */
public final class CacheIndex<Q> {
  private final Map<UUID, Set<Q>> bySubject = new HashMap<>();
  private final Map<User.Id, Holding<Q>> byUser = new HashMap<>();
  private long weight;

  /** The entries of a user, the oldest first, with the size of each entry in bytes. */
  private static final class Holding<Q> {
    private final Map<Q, Integer> weights = new LinkedHashMap<>();
    private long sum;
  }

  public synchronized void add(Q question, User.Id user, Set<UUID> subjects, int bytes) {
    Holding<Q> holding = byUser.computeIfAbsent(user, u -> new Holding<>());
    Integer before = holding.weights.put(question, bytes);
    long more = (long) bytes - (before == null ? 0 : before);
    holding.sum += more;
    weight += more;
    for (UUID subject : subjects) {
      boolean unused = bySubject.computeIfAbsent(subject, s -> new HashSet<>(4)).add(question);
    }
  }

  public synchronized void remove(Q question, User.Id user, Set<UUID> subjects, int bytes) {
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

  /** Returns the entries that depend on at least one of the given ids. */
  public synchronized Set<Q> dependingOn(Set<UUID> subjects) {
    Set<Q> depending = new HashSet<>();
    for (UUID subject : subjects) {
      depending.addAll(bySubject.getOrDefault(subject, Set.of()));
    }
    return depending;
  }

  /**
   * Returns those oldest entries of a user that must be removed, so that the user's remaining
   * entries have at most the given size in bytes.
   */
  public synchronized List<Q> oldestBeyond(long most, User.Id user) {
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

  public synchronized List<Q> all() {
    return byUser.values().stream().flatMap(h -> h.weights.keySet().stream()).toList();
  }

  public synchronized long weight(User.Id user) {
    Holding<Q> holding = byUser.get(user);
    return holding == null ? 0 : holding.sum;
  }

  public synchronized long weight() {
    return weight;
  }
}
