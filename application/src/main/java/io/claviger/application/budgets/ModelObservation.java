package io.claviger.application.budgets;

import io.claviger.domain.spending.ObservedUse;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** What the calls of one model have used of late. Safe for several threads. */
final class ModelObservation {
  private final AtomicReference<ObservedUse> latest = new AtomicReference<>(ObservedUse.NONE);

  ObservedUse latest() {
    return latest.get();
  }

  /**
   * Adds a call.
   *
   * @param after makes what is known before a call into what is known after it
   */
  void add(UnaryOperator<ObservedUse> after) {
    ObservedUse unused = latest.updateAndGet(after);
  }
}
