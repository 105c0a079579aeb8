package io.claviger.gateway.probe;

import io.claviger.application.gateway.AuthorizedCall;
import io.claviger.application.gateway.port.ProviderProbe;
import io.claviger.gateway.errors.GuardedTask;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.gateway.out.OutboundTransport;
import io.claviger.gateway.out.ProviderPool;
import io.claviger.gateway.wire.Transport;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/**
 * Calls providers to see whether they take a key, by the gateway's way out. It has an event loop
 * and threads of its own, none of which exist before the first call: it needs no gateway that
 * listens, and holds up none that does.
 */
public final class OutboundProbe implements ProviderProbe, AutoCloseable {
  private final OutboundTransport out;
  private final EventLoop loop;
  private final ProviderPool connections;

  /** Confined to the loop. */
  private final Set<ProbeCall> underWay = new HashSet<>();

  private volatile boolean closed;

  private OutboundProbe(OutboundSettings settings) {
    out =
        new OutboundTransport(
            1, new DefaultThreadFactory("probe", true), Transport.best(), settings);
    loop = out.loops().next();
    connections = out.newPool(loop);
  }

  public static OutboundProbe start(OutboundSettings settings) {
    return new OutboundProbe(settings);
  }

  @Override
  public CompletableFuture<Probed> probe(AuthorizedCall passage, Duration limit) {
    ProbeCall call = new ProbeCall(passage, limit, connections);
    try {
      loop.execute(GuardedTask.of(() -> begin(call), failure -> call.giveUp()));
    } catch (RejectedExecutionException e) {
      call.giveUp();
    }
    return call.result();
  }

  private void begin(ProbeCall call) {
    if (closed) {
      call.giveUp();
      return;
    }
    underWay.add(call);
    call.start(loop, () -> underWay.remove(call));
  }

  /** What is under way is given up, and told so. */
  @Override
  public void close() {
    closed = true;
    try {
      loop.execute(GuardedTask.logged(() -> List.copyOf(underWay).forEach(ProbeCall::giveUp)));
    } catch (RejectedExecutionException e) {
      // Closed before.
    }
    out.close();
  }
}
