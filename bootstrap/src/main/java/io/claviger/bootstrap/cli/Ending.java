package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.node.RunningServer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Keeps a program running until a signal asks it to stop, and then stops it. */
@FunctionalInterface
interface Ending {

  /**
   * Starts the program and waits. Returns the exit code, unless the process has ended before. A
   * signal that comes during the start stops the program too.
   *
   * @param start starts the program and returns; if the start fails, this function undoes what the
   *     start has done
   * @param announce announces that the program is running; whoever reads the announcement may send
   *     a signal immediately
   */
  int await(Supplier<RunningServer> start, Consumer<RunningServer> announce);
}
