package io.claviger.gateway.probe;

import io.claviger.application.gateway.port.AuthorizedCall;
import io.claviger.application.gateway.port.ProviderProbe;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.gateway.out.OutboundTransport;
import io.claviger.gateway.out.ProviderPool;
import io.claviger.gateway.wire.GuardedTask;
import io.claviger.gateway.wire.Transport;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/**
 * Calls providers to find out whether they accept a key, or which models they offer, under the same
 * rules as the gateway's calls. It has its own event loop and threads, which are started by the
 * first call. So it does not need a running gateway, and does not slow down one that runs.
 */
public final class OutboundProbe implements ProviderProbe, AutoCloseable {
  private final OutboundTransport out;
  private final EventLoop loop;
  private final ProviderPool connections;

  /** Confined to the loop. */
  private final Set<OutboundCall<?>> running = new HashSet<>();

  private volatile boolean closed;

  /**
   * Uses the JDK's transport: checks are rare, and programs that run Claviger in process then need
   * no native library.
   */
  private OutboundProbe(OutboundSettings settings) {
    out =
        new OutboundTransport(
            1, new DefaultThreadFactory("probe", true), Transport.jdk(), settings);
    loop = out.loops().next();
    connections = out.newPool(loop);
  }

  public static OutboundProbe start(OutboundSettings settings) {
    return new OutboundProbe(settings);
  }

  @Override
  public CompletableFuture<Probed> probe(AuthorizedCall authorized, Duration limit) {
    return send(new ProbeCall(authorized, limit));
  }

  /**
   * Asks for a page of a list of models, and waits for it.
   *
   * @param mostBytes the most bytes of the answer's body that are read
   * @return empty if the provider returns no such page
   */
  Optional<OfferCall.OfferBody> page(
      AuthorizedCall authorized, ProbeRequest request, Duration limit, int mostBytes) {
    return send(new OfferCall(authorized, request, limit, mostBytes)).join();
  }

  /** Starts a call on these connections. Never blocks. */
  <R> CompletableFuture<R> send(OutboundCall<R> call) {
    try {
      loop.execute(GuardedTask.of(() -> begin(call), failure -> call.giveUp()));
    } catch (RejectedExecutionException e) {
      call.giveUp();
    }
    return call.result();
  }

  private void begin(OutboundCall<?> call) {
    if (closed) {
      call.giveUp();
      return;
    }
    running.add(call);
    call.start(loop, connections, () -> running.remove(call));
  }

  /** Ends the running probes, and fails their futures. */
  @Override
  public void close() {
    closed = true;
    try {
      loop.execute(GuardedTask.logged(() -> List.copyOf(running).forEach(OutboundCall::giveUp)));
    } catch (RejectedExecutionException e) {
      // The loop has ended already.
    }
    out.close();
  }
}
