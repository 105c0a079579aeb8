package io.claviger.client.apply;

import java.io.PrintWriter;
import java.util.function.BiConsumer;

/** Prints a line for each step that is done. Any thread may report a step. */
final class ApplyProgress {
  /** Goes to the beginning of the line and clears it. */
  private static final String LINE_START = "\r\033[K";

  private final BiConsumer<Integer, PlanStep> telling;
  private final Runnable ending;
  private int count;

  private ApplyProgress(BiConsumer<Integer, PlanStep> telling, Runnable ending) {
    this.telling = telling;
    this.ending = ending;
  }

  static ApplyProgress silent() {
    return new ApplyProgress((number, step) -> {}, () -> {});
  }

  static ApplyProgress lines(PrintWriter out) {
    return new ApplyProgress((number, step) -> out.println(PlanText.headline(step)), out::flush);
  }

  /**
   * Prints the steps, and below them a line that says how many are done. That line is removed at
   * the end.
   *
   * @param all how many steps there are
   */
  static ApplyProgress onTerminal(PrintWriter out, int all) {
    return new ApplyProgress(
        (number, step) -> {
          out.println(LINE_START + PlanText.headline(step));
          out.print("%,d of %,d".formatted(number, all));
          out.flush();
        },
        () -> {
          out.print(LINE_START);
          out.flush();
        });
  }

  synchronized void report(PlanStep step) {
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
