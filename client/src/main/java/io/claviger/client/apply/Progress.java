package io.claviger.client.apply;

import java.io.PrintWriter;
import java.util.function.BiConsumer;

/** Prints a line for each step that is done. Any thread may report a step. */
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
   * Also keeps a last line on the terminal that says how many steps are done. It goes away at the
   * end.
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
