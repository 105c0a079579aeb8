package io.claviger.application.gateway.port;

import io.claviger.domain.formats.ObjectRemoval;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Makes requests to providers for Claviger itself. The requests use the gateway's outbound
 * transport, under the same rules as calls.
 */
public interface ProviderRequests {
  /** Stands for the status of an answer if there was no answer. */
  int NO_ANSWER = 0;

  /**
   * Sends a request with the headers that every request about stored objects needs. This method
   * never blocks, and its future never fails. The caller must keep {@code call} open until the
   * future is done, and must then close {@code call}.
   *
   * @param limit the time limit of the request, including the time to connect
   * @return the status of the answer, or {@link #NO_ANSWER}; the answer's body is not read
   */
  CompletableFuture<Integer> send(
      AuthorizedCall call, ObjectRemoval.Request request, Duration limit);
}
