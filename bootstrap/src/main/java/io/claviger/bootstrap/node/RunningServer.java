package io.claviger.bootstrap.node;

import io.claviger.host.Confidential;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** A running server. Its two listeners accept requests. */
public interface RunningServer {

  /** Returns the API's URL, with the port that is really used. */
  URI api();

  /**
   * Returns the gateway's URL, with the port that is really used. Callers behind a proxy may use
   * another URL.
   */
  URI gateway();

  /** A one-time link for {@code root}, on the first start only. */
  default Optional<Confidential> signInLink() {
    return Optional.empty();
  }

  /**
   * How long {@link #stop} still accepts calls. In this time, proxies notice that this node is
   * leaving. The grace period begins after this time.
   */
  default Duration notice() {
    return Duration.ZERO;
  }

  /**
   * Accepts nothing new after the time of {@link #notice}, lets running requests finish, and
   * returns when all have ended.
   *
   * @param grace the time after which running requests are aborted
   */
  void stop(Duration grace);
}
