package io.claviger.persistence.shared;

import com.fasterxml.uuid.UUIDClock;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.claviger.application.shared.port.Ids;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;

/**
 * UUIDv7, within a millisecond counted up (RFC 9562, 6.2, method 2). A clock that is set back
 * stands still here until it has caught up.
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

  /** Asked by the generator under its lock only. */
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
