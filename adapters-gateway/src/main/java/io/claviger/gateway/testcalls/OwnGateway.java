package io.claviger.gateway.testcalls;

import io.claviger.application.gateway.port.GatewayClient;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The gateway of this node, which starts after the objects that use it. Calls before that fail. */
public final class OwnGateway implements GatewayClient, AutoCloseable {
  private final AtomicReference<@Nullable LoopbackGatewayClient> listening =
      new AtomicReference<>();

  /** Called when the gateway listens at this address. */
  public void started(InetSocketAddress address) {
    exchange(new LoopbackGatewayClient(address));
  }

  @Override
  public GatewayResponse call(GatewayRequest question, Duration limit) {
    LoopbackGatewayClient client = listening.get();
    return client == null ? GatewayResponse.none(Ending.UNREACHABLE) : client.call(question, limit);
  }

  @Override
  public void close() {
    exchange(null);
  }

  private void exchange(@Nullable LoopbackGatewayClient next) {
    LoopbackGatewayClient former = listening.getAndSet(next);
    if (former != null) {
      former.close();
    }
  }
}
