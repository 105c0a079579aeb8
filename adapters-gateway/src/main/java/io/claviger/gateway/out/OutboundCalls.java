package io.claviger.gateway.out;

import io.claviger.gateway.wire.GuardedTask;
import io.claviger.gateway.wire.Transport;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/** Makes Claviger's own calls, on a separate event loop and on separate connections. */
public final class OutboundCalls implements AutoCloseable {
  private final OutboundTransport out;
  private final EventLoop loop;
  private final ProviderPool connections;

  /** The calls that have not ended. Only used on the event loop of these calls. */
  private final Set<OutboundCall<?>> running = new HashSet<>();

  private volatile boolean closed;

  /**
   * Uses the JDK's transport, which needs no native library. The JDK's transport is fast enough,
   * because such calls are rare.
   *
   * @param thread the name of the event loop's thread
   */
  public OutboundCalls(String thread, OutboundSettings settings) {
    out =
        new OutboundTransport(1, new DefaultThreadFactory(thread, true), Transport.jdk(), settings);
    loop = out.loops().next();
    connections = out.newPool(loop);
  }

  /** Starts a call. Never blocks. */
  public <R> CompletableFuture<R> send(OutboundCall<R> call) {
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

  /** Ends the running calls. */
  @Override
  public void close() {
    closed = true;
    try {
      loop.execute(GuardedTask.logged(() -> List.copyOf(running).forEach(OutboundCall::giveUp)));
    } catch (RejectedExecutionException e) {
      // The event loop has ended already, and all calls with it.
    }
    out.close();
  }
}
