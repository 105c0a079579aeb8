package io.claviger.client.apply;

import java.io.PrintWriter;
import java.util.function.BiConsumer;

/** Tells of steps as they are done, by whichever thread: one line each. */
final class Progress {
  /** Goes to the beginning of the line and clears it. */
  private static final String ANEW = "\r\033[K";

  private final BiConsumer<Integer, Step> telling;
  private final Runnable ending;
  private int count;

  private Progress(BiConsumer<Integer, Step> telling, Runnable ending) {
    this.telling = telling;
    this.ending = ending;
  }

  static Progress silent() {
    return new Progress((number, step) -> {}, () -> {});
  }

  static Progress lines(PrintWriter out) {
    return new Progress((number, step) -> out.println(PlanText.headline(step)), out::flush);
  }

  /**
   * On a terminal, the last line besides says how many are done, until the end.
   *
   * @param all how many steps there are
   */
  static Progress onTerminal(PrintWriter out, int all) {
    return new Progress(
        (number, step) -> {
          out.println(ANEW + PlanText.headline(step));
          out.print("%,d of %,d".formatted(number, all));
          out.flush();
        },
        () -> {
          out.print(ANEW);
          out.flush();
        });
  }

  synchronized void done(Step step) {
    count++;
    telling.accept(count, step);
  }

  void end() {
    ending.run();
  }

  synchronized int count() {
    return count;
  }
}
