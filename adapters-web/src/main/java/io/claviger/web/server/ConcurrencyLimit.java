package io.claviger.web.server;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.web.problems.ProblemException;
import io.claviger.web.problems.Problems;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Limits how many requests may run at the same time, for each caller and in all. Further requests
 * wait.
 *
 * @param <K> what distinguishes callers
 */
final class ConcurrencyLimit<K> {
  private final Semaphore all;
  private final int perCaller;
  private final Duration patience;
  // Semaphores are dropped when no running request refers to them.
  private final Cache<K, Semaphore> callers = Caffeine.newBuilder().weakValues().build();

  ConcurrencyLimit(int most, int perCaller, Duration patience) {
    this.all = new Semaphore(most, true);
    this.perCaller = perCaller;
    this.patience = patience;
  }

  /**
   * Waits until the caller may proceed.
   *
   * @return an action that frees the permit; running it again has no effect
   * @throws ProblemException if no permit becomes free in time
   */
  Runnable enter(K caller) {
    Semaphore own = callers.get(caller, unused -> new Semaphore(perCaller, true));
    if (!acquired(own)) {
      throw new ProblemException(Problems.rateLimited(Duration.ofSeconds(1)));
    }
    if (!acquired(all)) {
      own.release();
      throw new ProblemException(Problems.busy());
    }
    AtomicBoolean left = new AtomicBoolean();
    return () -> {
      if (left.compareAndSet(false, true)) {
        all.release();
        own.release();
      }
    };
  }

  private boolean acquired(Semaphore places) {
    try {
      return places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
