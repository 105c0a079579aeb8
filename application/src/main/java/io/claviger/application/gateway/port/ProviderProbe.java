package io.claviger.application.gateway.port;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.application.gateway.ConnectionStatus;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * Calls a provider once, by the gateway's own way out: the cheapest call that the provider answers
 * only to a valid key.
 */
public interface ProviderProbe {
  /**
   * Never blocks, and its future never fails. The passage stays the caller's, who keeps it open
   * until the future is done.
   *
   * @param limit how long it may take, connecting included
   */
  CompletableFuture<Probed> probe(AuthorizedCall passage, Duration limit);

  /**
   * What came of it.
   *
   * @param status any but {@link ConnectionStatus#NO_KEY}
   * @param httpStatus of the provider's answer, where there was one
   * @param latency from the beginning to the head of the answer, or to the failure
   */
  record Probed(ConnectionStatus status, OptionalInt httpStatus, Duration latency) {}
}
