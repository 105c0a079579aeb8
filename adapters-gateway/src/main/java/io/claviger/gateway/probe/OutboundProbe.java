package io.claviger.gateway.probe;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.ProviderProbe;
import io.claviger.gateway.out.OutboundCalls;
import io.claviger.gateway.out.OutboundSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Calls providers to find out whether they accept a key, or which models they offer, under the same
 * rules as the gateway's calls. It has its own event loop and threads, which are started by the
 * first call. So it works without a running gateway, and does not slow one down.
 */
public final class OutboundProbe implements ProviderProbe, AutoCloseable {
  private final OutboundCalls calls;

  private OutboundProbe(OutboundSettings settings) {
    calls = new OutboundCalls("probe", settings);
  }

  public static OutboundProbe start(OutboundSettings settings) {
    return new OutboundProbe(settings);
  }

  @Override
  public CompletableFuture<Probed> probe(AuthorizedCall authorized, Duration limit) {
    return send(new ProbeCall(authorized, limit));
  }

  /**
   * Requests a page of a list of models, and waits for it.
   *
   * @param mostBytes the most bytes of the answer's body that are read
   * @return empty if the provider does not return such a page
   */
  Optional<OfferCall.OfferBody> page(
      AuthorizedCall authorized, ProbeRequest request, Duration limit, int mostBytes) {
    return send(new OfferCall(authorized, request, limit, mostBytes)).join();
  }

  /** Starts a call. Never blocks. */
  <R> CompletableFuture<R> send(ProviderCall<R> call) {
    return calls.send(call);
  }

  /** Ends the running probes, and fails their futures. */
  @Override
  public void close() {
    calls.close();
  }
}
