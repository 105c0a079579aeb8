package io.claviger.client.apply;

import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicInteger;

/** Prints steps as they are done, by whichever thread. */
final class Progress {
  private final PrintWriter out;
  private final int all;
  private final AtomicInteger count = new AtomicInteger();

  /**
   * @param all how many steps there are; 0 prints none of them
   */
  Progress(PrintWriter out, int all) {
    this.out = out;
    this.all = all;
  }

  void done(Step step) {
    int number = count.incrementAndGet();
    if (all > 0) {
      synchronized (out) {
        out.println("%s (%d of %d)".formatted(PlanText.headline(step), number, all));
        out.flush();
      }
    }
  }

  int count() {
    return count.get();
  }
}
