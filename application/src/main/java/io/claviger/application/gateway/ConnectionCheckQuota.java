package io.claviger.application.gateway;

import io.claviger.domain.accounts.UserId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many connection checks are under way on this node: in all, and of each user, so that
 * somebody whose providers hang delays nobody else's checks.
 */
final class ConnectionCheckQuota {
  /** At once on this node, for all users together: checks are not what the node is for. */
  static final int IN_ALL = 64;

  /** Checks of one user at once. */
  static final int OF_EACH = 8;

  /** Requests of one user that may wait for checks at once: each of them holds a thread. */
  static final int REQUESTS_OF_EACH = 8;

  private final Semaphore all = new Semaphore(IN_ALL, true);
  private final Map<UserId, Own> users = new ConcurrentHashMap<>();

  /** A user's places, remembered while they use any. */
  private static final class Own {
    private final Semaphore places = new Semaphore(OF_EACH, true);
    private int requests;
    private int taken;

    private @Nullable Own unlessUnused() {
      return requests == 0 && taken == 0 ? null : this;
    }
  }

  /**
   * Begins a request of a user. Whoever gets true calls {@link #leave} at its end.
   *
   * @return false when they have too many under way
   */
  boolean enter(UserId user) {
    boolean[] entered = new boolean[1];
    Own unused =
        users.compute(
            user,
            (id, known) -> {
              Own own = known == null ? new Own() : known;
              entered[0] = own.requests < REQUESTS_OF_EACH;
              own.requests += entered[0] ? 1 : 0;
              return own;
            });
    return entered[0];
  }

  void leave(UserId user) {
    Own unused =
        users.computeIfPresent(
            user,
            (id, own) -> {
              own.requests--;
              return own.unlessUnused();
            });
  }

  /**
   * Waits for a place, within a request of the user's. It first waits for one of their own, so that
   * only few of each user stand in line for those of all.
   *
   * @param deadline in the nanoseconds of {@link System#nanoTime}
   * @return false when there was none in time; else {@link #free} gives it back
   */
  boolean take(UserId user, long deadline) {
    Own own = users.get(user);
    if (own == null) {
      throw new IllegalStateException("a place is taken within a request");
    }
    if (!acquired(own.places, deadline)) {
      return false;
    }
    if (!acquired(all, deadline)) {
      own.places.release();
      return false;
    }
    Own unused =
        users.computeIfPresent(
            user,
            (id, same) -> {
              same.taken++;
              return same;
            });
    return true;
  }

  void free(UserId user) {
    all.release();
    Own unused =
        users.computeIfPresent(
            user,
            (id, own) -> {
              own.places.release();
              own.taken--;
              return own.unlessUnused();
            });
  }

  /** How many users are remembered. */
  int users() {
    return users.size();
  }

  private static boolean acquired(Semaphore places, long deadline) {
    try {
      return places.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
