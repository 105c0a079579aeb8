package io.claviger.bootstrap.cli;

import java.time.Duration;

/** Something that runs until it is stopped. */
public interface Stoppable {

  /**
   * How long {@link #stop} still accepts calls before it begins, so that proxies notice. This time
   * comes on top of the grace period.
   */
  default Duration notice() {
    return Duration.ZERO;
  }

  /**
   * Accepts nothing new after the time of notice, lets running requests finish, and returns when
   * everything has ended.
   *
   * @param grace after this time, running requests are aborted
   */
  void stop(Duration grace);
}
