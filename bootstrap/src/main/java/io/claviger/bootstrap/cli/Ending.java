package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.node.RunningServer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Runs a program until a signal arrives, and then stops the program. */
@FunctionalInterface
interface Ending {

  /**
   * Starts the program and waits for a signal. Returns the exit code, unless the process ends
   * before this method can return. A signal during the start also stops the program.
   *
   * @param start the function that starts the program and returns; if the start fails, this
   *     function undoes what it has done
   * @param announce the function that announces the running program; a reader of the announcement
   *     can send a signal immediately
   */
  int await(Supplier<RunningServer> start, Consumer<RunningServer> announce);
}
