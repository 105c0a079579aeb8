package io.claviger.bootstrap.cli;

import java.time.Duration;

/** Something that runs until it is stopped. */
public interface Stoppable {

  /**
   * Accepts nothing new, lets running requests finish, and returns when everything has ended.
   *
   * @param grace after this time, running requests are aborted
   */
  void stop(Duration grace);
}
