package io.claviger.bootstrap.cli;

import java.time.Duration;

/** Something that runs until it is told to end. */
public interface Stoppable {

  /**
   * Takes nothing new, lets what is under way finish, and returns when all has ended.
   *
   * @param grace what is still under way after that long is broken off
   */
  void stop(Duration grace);
}
