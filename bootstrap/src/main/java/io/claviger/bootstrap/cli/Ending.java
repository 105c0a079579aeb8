package io.claviger.bootstrap.cli;

/** Keeps a started program running until it is told to stop, and then stops it. */
@FunctionalInterface
interface Ending {

  /**
   * Waits, and returns the exit code if it returns at all.
   *
   * @param announce run as soon as a signal stops the program in an orderly way; a reader of the
   *     announcement may send a signal at once
   */
  int await(Stoppable running, Runnable announce);
}
