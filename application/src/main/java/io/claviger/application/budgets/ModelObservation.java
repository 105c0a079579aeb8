package io.claviger.application.budgets;

import io.claviger.domain.spending.ObservedUse;
import io.claviger.domain.spending.RequestedUse;
import java.util.concurrent.atomic.AtomicReference;

/** What the calls of one model have used of late. Safe for several threads. */
final class ModelObservation {
  private final AtomicReference<ObservedUse> latest = new AtomicReference<>(ObservedUse.NONE);

  ObservedUse latest() {
    return latest.get();
  }

  /**
   * Adds a call.
   *
   * @param input tokens, as the provider stated them
   * @param output tokens, as the provider stated them
   */
  void add(RequestedUse asked, long input, long output) {
    ObservedUse before = latest.get();
    while (!latest.compareAndSet(before, before.after(asked, input, output))) {
      before = latest.get();
    }
  }
}
