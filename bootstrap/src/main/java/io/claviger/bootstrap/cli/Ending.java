package io.claviger.bootstrap.cli;

/** Keeps a started program running until it is told to end, and then ends it. */
@FunctionalInterface
interface Ending {

  /**
   * Returns the exit code, if it returns.
   *
   * @param announce run once a signal would end the program well: who reads it may send one at once
   */
  int await(Stoppable running, Runnable announce);
}
