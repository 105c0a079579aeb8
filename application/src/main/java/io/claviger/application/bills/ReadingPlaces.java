package io.claviger.application.bills;

import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.domain.accounts.User;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Limits the number of users' requests on this node that wait for figures from providers. Each
 * waiting request occupies a thread, and memory for the provider's answer. A request needs a place
 * while it waits. Nightly readings need no place.
 */
public final class ReadingPlaces {
  /** The maximum number of simultaneous readings. */
  static final int AT_ONCE = 3;

  private static final Refusal BUSY =
      new Refusal.TooMany(
          "rate_limited",
          "Too many providers' figures are being read. Try again later.",
          Duration.ofSeconds(5));

  private final Semaphore places = new Semaphore(AT_ONCE);
  private final Set<User.Id> owners = ConcurrentHashMap.newKeySet();

  /**
   * Takes a place and reads the figures.
   *
   * @param owner the owner of the service. An owner has at most one place at a time
   * @throws RefusedException if no place is free
   */
  <T> T read(User.Id owner, Supplier<T> work) {
    if (!owners.add(owner)) {
      throw new RefusedException(BUSY);
    }
    try {
      if (!places.tryAcquire()) {
        throw new RefusedException(BUSY);
      }
      try {
        return work.get();
      } finally {
        places.release();
      }
    } finally {
      boolean unused = owners.remove(owner);
    }
  }
}
