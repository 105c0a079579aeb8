package io.claviger.web.health;

import io.claviger.application.health.Readiness;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Runs one check for all callers who ask at the same time, because anybody may ask, and each check
 * takes a connection from the database's pool. Every caller gets the result of a check that began
 * after they asked.
 */
final class SharedCheck implements Readiness {
  private final Readiness readiness;
  private final ReentrantLock lock = new ReentrantLock();
  private long began;
  private List<ReadinessCheck> result = List.of();

  SharedCheck(Readiness readiness) {
    this.readiness = readiness;
  }

  @Override
  public List<ReadinessCheck> checks() {
    long asked = System.nanoTime();
    lock.lock();
    try {
      if (result.isEmpty() || began - asked <= 0) {
        long now = System.nanoTime();
        result = readiness.checks();
        began = now;
      }
      return result;
    } finally {
      lock.unlock();
    }
  }
}
