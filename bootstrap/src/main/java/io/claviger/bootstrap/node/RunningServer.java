package io.claviger.bootstrap.node;

import io.claviger.host.Confidential;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** A running server. Its two listeners accept requests. */
public interface RunningServer {

  /** The API's URL, with the port that is actually bound. */
  URI api();

  /**
   * The gateway's URL, with the port that is actually bound. A proxy in front may show another URL.
   */
  URI gateway();

  /** A one-time link for {@code root}, on the first start only. */
  default Optional<Confidential> signInLink() {
    return Optional.empty();
  }

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
