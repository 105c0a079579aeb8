package io.claviger.gateway;

import io.claviger.application.requests.RequestLinks;
import io.claviger.gateway.egress.AddressResolver;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import io.claviger.gateway.head.AllowedOrigins;
import io.claviger.gateway.in.CallerAddresses;
import io.claviger.gateway.in.ConnectionLimits;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.gateway.wire.BodyTimeouts;
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
 * @param maxBodyBytes the largest body of a request
 * @param heldBodyBytes the largest body of a request on a URL that names no service; such a body is
 *     buffered whole
 * @param outbound how providers are reached; the gateway adds its own address to the ones that
 *     nothing may connect to
 * @param callerPatience how long a caller may take for the next part of a request, or leave a
 *     connection idle
 * @param bodyPatience how long callers may take for a whole body
 * @param callers finds the addresses of callers behind proxies; without it, the address of the
 *     connection counts
 * @param connections how many callers may connect, and how long a head may take
 * @param requestLinks makes links to the page on which refused callers ask for what they lack
 * @param origins the origins of web pages whose scripts may call the gateway
 */
public record GatewaySettings(
    String host,
    int port,
    long maxBodyBytes,
    long heldBodyBytes,
    OutboundSettings outbound,
    Duration callerPatience,
    BodyTimeouts bodyPatience,
    Optional<CallerAddresses> callers,
    ConnectionLimits connections,
    RequestLinks requestLinks,
    AllowedOrigins origins) {
  public static final long DEFAULT_MAX_BODY_BYTES = 64L << 20;
  public static final long DEFAULT_HELD_BODY_BYTES = 32L << 20;

  public static GatewaySettings on(String host, int port) {
    return new GatewaySettings(
        host,
        port,
        DEFAULT_MAX_BODY_BYTES,
        DEFAULT_HELD_BODY_BYTES,
        OutboundSettings.strict(),
        Duration.ofSeconds(75),
        BodyTimeouts.USUAL,
        Optional.empty(),
        ConnectionLimits.standard(),
        RequestLinks.NONE,
        AllowedOrigins.NONE);
  }

  public GatewaySettings withMaxBodyBytes(long bytes) {
    return new GatewaySettings(
        host,
        port,
        bytes,
        heldBodyBytes,
        outbound,
        callerPatience,
        bodyPatience,
        callers,
        connections,
        requestLinks,
        origins);
  }

  public GatewaySettings withHeldBodyBytes(long bytes) {
    return new GatewaySettings(
        host,
        port,
        maxBodyBytes,
        bytes,
        outbound,
        callerPatience,
        bodyPatience,
        callers,
        connections,
        requestLinks,
        origins);
  }

  public GatewaySettings withOutbound(OutboundSettings other) {
    return new GatewaySettings(
        host,
        port,
        maxBodyBytes,
        heldBodyBytes,
        other,
        callerPatience,
        bodyPatience,
        callers,
        connections,
        requestLinks,
        origins);
  }

  public GatewaySettings withAllowedPrivateHosts(AllowedPrivateHosts hosts) {
    return withOutbound(outbound.withAllowedPrivateHosts(hosts));
  }

  public GatewaySettings withOwnListeners(Supplier<List<InetSocketAddress>> listeners) {
    return withOutbound(outbound.withOwnListeners(listeners));
  }

  public GatewaySettings withResolver(AddressResolver other) {
    return withOutbound(outbound.withResolver(other));
  }

  public GatewaySettings withTrust(SslContext client) {
    return withOutbound(outbound.withTrust(client));
  }

  public GatewaySettings withCallerPatience(Duration patience) {
    return new GatewaySettings(
        host,
        port,
        maxBodyBytes,
        heldBodyBytes,
        outbound,
        patience,
        bodyPatience,
        callers,
        connections,
        requestLinks,
        origins);
  }

  GatewaySettings withBodyPatience(BodyTimeouts other) {
    return new GatewaySettings(
        host,
        port,
        maxBodyBytes,
        heldBodyBytes,
        outbound,
        callerPatience,
        other,
        callers,
        connections,
        requestLinks,
        origins);
  }

  public GatewaySettings withCallers(CallerAddresses other) {
    return new GatewaySettings(
        host,
        port,
        maxBodyBytes,
        heldBodyBytes,
        outbound,
        callerPatience,
        bodyPatience,
        Optional.of(other),
        connections,
        requestLinks,
        origins);
  }

  public GatewaySettings withConnections(ConnectionLimits limits) {
    return new GatewaySettings(
        host,
        port,
        maxBodyBytes,
        heldBodyBytes,
        outbound,
        callerPatience,
        bodyPatience,
        callers,
        limits,
        requestLinks,
        origins);
  }

  public GatewaySettings withRequestLinks(RequestLinks links) {
    return new GatewaySettings(
        host,
        port,
        maxBodyBytes,
        heldBodyBytes,
        outbound,
        callerPatience,
        bodyPatience,
        callers,
        connections,
        links,
        origins);
  }

  public GatewaySettings withOrigins(AllowedOrigins other) {
    return new GatewaySettings(
        host,
        port,
        maxBodyBytes,
        heldBodyBytes,
        outbound,
        callerPatience,
        bodyPatience,
        callers,
        connections,
        requestLinks,
        other);
  }
}
