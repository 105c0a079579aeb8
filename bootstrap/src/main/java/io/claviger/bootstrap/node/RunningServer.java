package io.claviger.bootstrap.node;

import io.claviger.host.Confidential;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A running server. The two listeners of the server accept requests. */
public interface RunningServer {

  /** Returns the API's URL with its actual port. */
  URI api();

  /** Returns the gateway's URL with its actual port. With a proxy, callers may use another URL. */
  URI gateway();

  /** Returns a one-time link to sign in as {@code root}; present only after the first start. */
  default Optional<Confidential> signInLink() {
    return Optional.empty();
  }

  /**
   * Returns how long the server still accepts calls after {@link #stop} was called. During this
   * time, proxies notice that the node is stopping. The grace period begins afterwards.
   */
  default Duration notice() {
    return Duration.ZERO;
  }

  /**
   * Completes with the reason when the server can't go on, because a part of it has ended. Then the
   * server has to be stopped. Never completes otherwise.
   */
  default CompletableFuture<String> failure() {
    return new CompletableFuture<>();
  }

  /**
   * After the time of {@link #notice}, accepts no new requests. Returns when all running requests
   * have ended.
   *
   * @param grace the time after which requests that are still running are aborted. If it is zero,
   *     the server can't go on, and the time of {@link #notice} is left out too
   */
  void stop(Duration grace);
}
