package io.claviger.web.server;

import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Limits the memory for arriving bodies, for each caller and for all callers together. The first
 * bytes of each body are not counted, because the number of connections already limits their sum.
 * If there is no room for another body, one arriving body is aborted. The aborted body is the
 * oldest body of the caller whose bodies occupy the most bytes. So a caller who sends many bodies
 * slowly does not prevent other callers from sending bodies.
 *
 * @param <K> the type of the key that identifies a caller
 */
final class ArrivingBodies<K> {
  private final long most;
  private final long perCaller;
  private final int free;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<K, Held> callers = new HashMap<>();
  private long bytes;

  /**
   * @param most the maximum number of bytes of all arriving bodies together
   * @param perCaller the maximum number of bytes of one caller's bodies
   * @param free the number of bytes of each body that are not counted
   */
  ArrivingBodies(long most, long perCaller, int free) {
    this.most = most;
    this.perCaller = perCaller;
    this.free = free;
  }

  /** One caller's bodies that count against the limits, the oldest first. */
  private static final class Held {
    private final Set<Arrival<?>> bodies = new LinkedHashSet<>();
    private long bytes;
  }

  /**
   * Registers a body that is about to arrive.
   *
   * @param abort an action that aborts the body before it has arrived completely, to make room for
   *     other bodies
   */
  Arrival<K> begin(K caller, Runnable abort) {
    return new Arrival<>(this, caller, abort);
  }

  /** A body that is arriving. Closing this object frees the memory of the body. */
  static final class Arrival<K> implements AutoCloseable {
    private final ArrivingBodies<K> all;
    private final K caller;
    private final Runnable abort;
    private long counted;
    private boolean over;

    private Arrival(ArrivingBodies<K> all, K caller, Runnable abort) {
      this.all = all;
      this.caller = caller;
      this.abort = abort;
    }

    /** Returns how many bytes of a body are not counted. */
    int free() {
      return all.free;
    }

    /**
     * Sets the body's size, which counts against the limits from now on.
     *
     * @param size the size in bytes, at least the former size
     * @throws ProblemException with status 429 if the caller's bodies occupy too much memory; with
     *     status 503 if there is no room for this body
     */
    void grow(int size) {
      all.grow(this, Math.max(0, size - all.free));
    }

    @Override
    public void close() {
      all.end(this);
    }
  }

  private void grow(Arrival<K> body, long size) {
    lock.lock();
    try {
      if (body.over) {
        throw new ProblemException(Problems.busy());
      }
      long more = size - body.counted;
      if (more <= 0) {
        return;
      }
      Held own = callers.computeIfAbsent(body.caller, unused -> new Held());
      if (own.bytes + more > perCaller) {
        forgetIfEmpty(body.caller, own);
        throw new ProblemException(Problems.rateLimited(Duration.ofSeconds(1)));
      }
      while (bytes + more > most) {
        if (!largestGaveWay(own.bytes + more)) {
          forgetIfEmpty(body.caller, own);
          throw new ProblemException(Problems.busy());
        }
      }
      own.bodies.add(body);
      own.bytes += more;
      bytes += more;
      body.counted = size;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Aborts one body: the oldest body of the caller whose bodies occupy the most bytes.
   *
   * @return false if no caller's bodies occupy more bytes than {@code thanThis}
   */
  private boolean largestGaveWay(long thanThis) {
    Held largest = null;
    for (Held held : callers.values()) {
      if (held.bytes > (largest == null ? thanThis : largest.bytes)) {
        largest = held;
      }
    }
    if (largest == null) {
      return false;
    }
    Iterator<Arrival<?>> oldest = largest.bodies.iterator();
    Arrival<?> ended = oldest.next();
    oldest.remove();
    ended.over = true;
    largest.bytes -= ended.counted;
    bytes -= ended.counted;
    ended.counted = 0;
    ended.abort.run();
    return true;
  }

  private void end(Arrival<K> body) {
    lock.lock();
    try {
      body.over = true;
      Held own = callers.get(body.caller);
      if (own != null) {
        own.bodies.remove(body);
        own.bytes -= body.counted;
        bytes -= body.counted;
        body.counted = 0;
        forgetIfEmpty(body.caller, own);
      }
    } finally {
      lock.unlock();
    }
  }

  private void forgetIfEmpty(K caller, Held held) {
    if (held.bodies.isEmpty()) {
      callers.remove(caller);
    }
  }
}
