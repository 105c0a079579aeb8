package io.claviger.application.usage;

import io.claviger.application.usage.port.UsageStore;
import java.time.InstantSource;

/**
 * Builds what counts and shows usage from what it needs.
 *
 * @param counter to be flushed again and again, and at the end
 */
public record UsageModule(FindUsage findUsage, UsageCounter counter) {

  public static UsageModule of(UsageStore books, InstantSource clock) {
    return new UsageModule(new FindUsageService(books), new UsageCounter(books, clock));
  }
}
