package io.claviger.application.gateway;

import io.claviger.domain.accounts.User;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Limits the number of connection checks on this node, in total and per user. If the providers of a
 * user do not answer, this user's checks do not delay the checks of other users.
 */
final class ConnectionCheckQuota {
  /**
   * The maximum number of simultaneous checks on this node, for all users together. The number is
   * small because checks are not the main task of a node.
   */
  static final int IN_ALL = 64;

  /** The maximum number of simultaneous checks of a user. */
  static final int OF_EACH = 8;

  /**
   * The maximum number of a user's simultaneous requests that wait for checks. Each request needs a
   * thread.
   */
  static final int REQUESTS_OF_EACH = 8;

  private final Semaphore all = new Semaphore(IN_ALL, true);
  private final Map<User.Id, Own> users = new ConcurrentHashMap<>();

  /**
   * The places that are taken by a user's checks. This object is kept while the user has at least
   * one running request or takes at least one place.
   */
  private static final class Own {
    private final Semaphore places = new Semaphore(OF_EACH, true);
    private int requests;
    private int taken;

    private @Nullable Own unlessUnused() {
      return requests == 0 && taken == 0 ? null : this;
    }
  }

  /**
   * Begins a request of a user. If this method returns true, the caller must call {@link #leave} at
   * the end of the request. Returns false if the user already has too many running requests.
   */
  boolean enter(User.Id user) {
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

  void leave(User.Id user) {
    Own unused =
        users.computeIfPresent(
            user,
            (id, own) -> {
              own.requests--;
              return own.unlessUnused();
            });
  }

  /**
   * Waits for a place for a check that belongs to a request of the user. The check first waits for
   * one of the user's own places, so that only a few checks of each user wait for the places that
   * all users share.
   *
   * @param deadline the deadline in nanoseconds, as returned by {@link System#nanoTime}
   * @return false if no place became free in time; if true, the caller must call {@link #free}
   */
  boolean take(User.Id user, long deadline) {
    Own own = users.get(user);
    if (own == null) {
      throw new IllegalStateException("take was called without enter");
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

  void free(User.Id user) {
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

  /** Returns the number of users who use at least one place. */
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
