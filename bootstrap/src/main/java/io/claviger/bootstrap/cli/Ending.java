package io.claviger.bootstrap.cli;

import io.claviger.bootstrap.node.RunningServer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Keeps a program running until a signal asks it to stop, and then stops it. */
@FunctionalInterface
interface Ending {

  /**
   * Starts the program and waits. Returns the exit code if it returns at all. A signal during the
   * start stops the program, too.
   *
   * @param start returns when the program runs; undoes what it did when it fails
   * @param announce run once the program runs; a reader of the announcement may send a signal at
   *     once
   */
  int await(Supplier<RunningServer> start, Consumer<RunningServer> announce);
}
