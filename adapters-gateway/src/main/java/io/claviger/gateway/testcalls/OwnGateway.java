package io.claviger.gateway.testcalls;

import io.claviger.application.gateway.port.GatewayClient;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Calls the gateway of this node. The gateway starts later than the objects that call it through
 * this class. Before the gateway has started, all calls fail.
 */
public final class OwnGateway implements GatewayClient, AutoCloseable {
  private final AtomicReference<@Nullable LoopbackGatewayClient> listening =
      new AtomicReference<>();

  /** The header with the secret of a {@link Door}. */
  public static final String SECRET = "X-Claviger-Inside";

  /** Returns a new secret that nobody can guess. */
  public static String newSecret() {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /**
   * An address where this program can call its own gateway without TLS.
   *
   * @param secret the value of the header {@link #SECRET} for calls to this address; empty if
   *     anybody may use the address, because the gateway uses no TLS
   */
  public record Door(InetSocketAddress address, String secret) {
    @Override
    public String toString() {
      return "Door[" + address + "]";
    }
  }

  /**
   * Called when the gateway has begun to listen at an address for plain HTTP that anybody may use.
   */
  public void started(InetSocketAddress address) {
    started(new Door(address, ""));
  }

  /** Called when the gateway has begun to listen. */
  public void started(Door door) {
    exchange(new LoopbackGatewayClient(door));
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
