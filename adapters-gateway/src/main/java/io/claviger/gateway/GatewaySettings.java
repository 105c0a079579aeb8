package io.claviger.gateway;

import io.claviger.gateway.destination.AddressResolver;
import io.claviger.gateway.destination.AllowedPrivateHosts;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a gateway is started.
 *
 * @param host to bind to
 * @param port 0 picks a free one
 * @param maxBodyBytes of a request
 * @param ownListeners where Claviger itself listens, the gateway's own aside: no call goes there
 * @param resolver of providers' names; never asked on an event loop
 * @param trust a client context instead of the JDK's trust; host names are verified all the same
 * @param callerPatience how long a caller may take to send the next part of a request, or leave a
 *     connection idle
 */
public record GatewaySettings(
    String host,
    int port,
    long maxBodyBytes,
    AllowedPrivateHosts allowedPrivateHosts,
    Supplier<List<InetSocketAddress>> ownListeners,
    AddressResolver resolver,
    Optional<SslContext> trust,
    Duration callerPatience) {
  public static final long DEFAULT_MAX_BODY_BYTES = 64L << 20;

  public static GatewaySettings on(String host, int port) {
    return new GatewaySettings(
        host,
        port,
        DEFAULT_MAX_BODY_BYTES,
        AllowedPrivateHosts.none(),
        List::of,
        AddressResolver.system(),
        Optional.empty(),
        Duration.ofSeconds(75));
  }

  public GatewaySettings withMaxBodyBytes(long bytes) {
    return new GatewaySettings(
        host, port, bytes, allowedPrivateHosts, ownListeners, resolver, trust, callerPatience);
  }

  public GatewaySettings withAllowedPrivateHosts(AllowedPrivateHosts hosts) {
    return new GatewaySettings(
        host, port, maxBodyBytes, hosts, ownListeners, resolver, trust, callerPatience);
  }

  public GatewaySettings withOwnListeners(Supplier<List<InetSocketAddress>> listeners) {
    return new GatewaySettings(
        host, port, maxBodyBytes, allowedPrivateHosts, listeners, resolver, trust, callerPatience);
  }

  public GatewaySettings withResolver(AddressResolver other) {
    return new GatewaySettings(
        host, port, maxBodyBytes, allowedPrivateHosts, ownListeners, other, trust, callerPatience);
  }

  public GatewaySettings withTrust(SslContext client) {
    return new GatewaySettings(
        host,
        port,
        maxBodyBytes,
        allowedPrivateHosts,
        ownListeners,
        resolver,
        Optional.of(client),
        callerPatience);
  }

  public GatewaySettings withCallerPatience(Duration patience) {
    return new GatewaySettings(
        host, port, maxBodyBytes, allowedPrivateHosts, ownListeners, resolver, trust, patience);
  }
}
