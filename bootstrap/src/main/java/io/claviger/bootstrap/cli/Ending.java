package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.node.RunningServer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Keeps a program running until a signal asks it to stop, and then stops it. */
@FunctionalInterface
interface Ending {

  /**
   * Starts the program and waits. Returns the exit code if the process has not ended before. A
   * signal during the start stops the program, too.
   *
   * @param start starts the program and returns; if the start fails, this function undoes its
   *     effects
   * @param announce announces that the program runs; a reader of the announcement may send a signal
   *     at once
   */
  int await(Supplier<RunningServer> start, Consumer<RunningServer> announce);
}
