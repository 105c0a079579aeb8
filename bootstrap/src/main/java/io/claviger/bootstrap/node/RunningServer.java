package io.claviger.bootstrap.node;

import io.claviger.host.Confidential;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** A running server. The two listeners of the server accept requests. */
public interface RunningServer {

  /** Returns the URL of the API, with the port on which it is really served. */
  URI api();

  /**
   * Returns the URL of the gateway, with the port on which it is really served. If there is a
   * proxy, callers may use another URL.
   */
  URI gateway();

  /** A one-time link to sign in as {@code root}; present only after the first start. */
  default Optional<Confidential> signInLink() {
    return Optional.empty();
  }

  /**
   * Returns how long the server still accepts calls after {@link #stop} has been called. During
   * this time, proxies notice that this node will stop. The grace period begins when this time has
   * passed.
   */
  default Duration notice() {
    return Duration.ZERO;
  }

  /**
   * After the time of {@link #notice}, accepts nothing new, lets running requests finish, and
   * returns when all of them have ended.
   *
   * @param grace the time after which requests that are still running are aborted
   */
  void stop(Duration grace);
}
