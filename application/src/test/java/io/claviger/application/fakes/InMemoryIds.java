package io.claviger.application.fakes;

import io.claviger.application.shared.port.Ids;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Ids that increase, in the format of UUIDv7. */
public final class InMemoryIds implements Ids {
  private static final long FIRST_MILLISECOND = 0x019B_0000_0000L;

  private final AtomicLong counter = new AtomicLong();

  @Override
  public UUID next() {
    long n = counter.incrementAndGet();
    long high = (FIRST_MILLISECOND + (n >>> 12)) << 16 | 0x7000 | (n & 0xfff);
    return new UUID(high, 0x8000_0000_0000_0000L);
  }
}
