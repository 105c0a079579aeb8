package io.claviger.bootstrap.cli;

/** Keeps a started program running until it is told to end, and then ends it. */
@FunctionalInterface
interface Ending {

  /** Returns the exit code, if it returns. */
  int await(Stoppable running);
}
