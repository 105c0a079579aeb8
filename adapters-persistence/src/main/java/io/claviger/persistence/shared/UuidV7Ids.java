package io.claviger.persistence.shared;

import com.fasterxml.uuid.UUIDClock;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.claviger.application.shared.port.Ids;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;

/**
 * Creates UUIDs of version 7 that increase even within a millisecond (RFC 9562, 6.2, method 2). If
 * the system clock is set back, new ids contain the latest time before the change until the clock
 * has reached this time again.
 */
public final class UuidV7Ids implements Ids {
  private final TimeBasedEpochGenerator generator;

  public UuidV7Ids(InstantSource clock) {
    this.generator = new TimeBasedEpochGenerator(new SecureRandom(), new NeverBack(clock));
  }

  @Override
  public UUID next() {
    return generator.generate();
  }

  /**
   * A clock that never goes back. The generator reads this clock only while it holds the
   * generator's lock.
   */
  private static final class NeverBack extends UUIDClock {
    private final InstantSource clock;
    private long latest;

    NeverBack(InstantSource clock) {
      this.clock = clock;
    }

    @Override
    public synchronized long currentTimeMillis() {
      latest = Math.max(latest, clock.millis());
      return latest;
    }
  }
}
