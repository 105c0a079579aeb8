package io.claviger.bootstrap.node;

import io.claviger.host.Confidential;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A running server, whose two listeners accept requests. */
public interface RunningServer {

  /** Returns the API's URL with the port on which the API actually listens. */
  URI api();

  /**
   * Returns the gateway's URL with the port on which the gateway actually listens. If there is a
   * proxy, callers might use another URL.
   */
  URI gateway();

  /**
   * Returns a one-time link for signing in as {@code root}; present only after the installation's
   * first start.
   */
  default Optional<Confidential> signInLink() {
    return Optional.empty();
  }

  /**
   * Returns how long the server still accepts calls after {@link #stop} was called, so that proxies
   * can notice that the node is stopping. The grace period, in which running calls can end, begins
   * after this time.
   */
  default Duration notice() {
    return Duration.ZERO;
  }

  /**
   * Returns a future that completes as soon as the server can't go on, because one of its
   * components, such as the database, has ended. The result of the future is the reason. When the
   * future completes, the server has to be stopped. If the server is stopped without such a
   * failure, the future never completes.
   */
  default CompletableFuture<String> failure() {
    return new CompletableFuture<>();
  }

  /**
   * Stops the server. New requests are accepted until the time of {@link #notice} has passed.
   * Returns when all running requests have ended.
   *
   * @param grace the time after which requests that are still running are aborted; zero if the
   *     server can't go on; the server then does not wait for the time of {@link #notice} either
   */
  void stop(Duration grace);
}
