package io.claviger.gateway.probe;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.ProviderProbe;
import io.claviger.gateway.out.OutboundCalls;
import io.claviger.gateway.out.OutboundSettings;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Calls providers to find out whether they accept a key, and which models they offer. The rules for
 * the gateway's calls apply to these calls, too. The class has its own event loop and threads,
 * which start with the first call. So it works without a running gateway, and never slows a gateway
 * down.
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
   * Requests a page of a provider's list, and waits for the answer.
   *
   * @param mostBytes the maximum number of bytes that are read from the answer's body
   * @return empty if the provider returns no such page
   */
  Optional<ListCall.ListBody> page(
      AuthorizedCall authorized, ProbeRequest request, Duration limit, int mostBytes) {
    return send(new ListCall(authorized, request, limit, mostBytes)).join();
  }

  /** Starts a call. Never blocks. */
  <R> CompletableFuture<R> send(ProviderCall<R> call) {
    return calls.send(call);
  }

  /** Ends the running probes, whose futures complete with an exception. */
  @Override
  public void close() {
    calls.close();
  }
}
