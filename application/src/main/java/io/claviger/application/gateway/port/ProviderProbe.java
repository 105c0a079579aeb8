package io.claviger.application.gateway.port;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * Calls a provider once through the gateway's outbound transport. The probe is the cheapest call to
 * which the provider gives a successful answer only if the key is valid.
 */
public interface ProviderProbe {
  /**
   * Starts the call. This method never blocks, and its future never fails. The caller must keep
   * {@code call} open until the future is done, and must then close {@code call}.
   *
   * @param limit the time limit of the call, including the time to connect
   */
  CompletableFuture<Probed> probe(AuthorizedCall call, Duration limit);

  /**
   * The result of a probe.
   *
   * @param status the result, which is never {@link ConnectionStatus#NO_KEY}
   * @param httpStatus the status of the provider's answer, if the provider answered
   * @param latency the time from the start of the call to the head of the answer, or to the failure
   * @param notAllowed whether the gateway must not connect to the service's endpoint
   * @param date the time of the provider's clock, if the answer states it
   */
  record Probed(
      ConnectionStatus status,
      OptionalInt httpStatus,
      Duration latency,
      boolean notAllowed,
      Optional<Instant> date) {}
}
