package io.claviger.gateway;

import io.claviger.application.activity.NodeActivity;
import io.claviger.application.capacity.CapacityTurns;
import io.claviger.application.connections.ClientSecrets;
import io.claviger.application.connections.NodeConnections;
import io.claviger.application.objects.UploadLinks;
import io.claviger.application.prices.PublishedPrices;
import io.claviger.application.requests.RequestLinks;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.gateway.egress.AddressResolver;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import io.claviger.gateway.head.AllowedOrigins;
import io.claviger.gateway.head.BodySizes;
import io.claviger.gateway.in.ConnectionLimits;
import io.claviger.gateway.in.RequestOrigins;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.gateway.wire.BodyTimeouts;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;

/**
 * The settings with which a gateway is started.
 *
 * @param host the name or the IP address of the interface on which to listen
 * @param port the port on which to listen; 0 picks a free port
 * @param bodySizes the maximum sizes of the bodies of requests
 * @param outbound the settings for connections to providers. The gateway never connects to the
 *     addresses on which it listens itself
 * @param callerPatience the longest time that a caller may take for the next part of a request, or
 *     may leave a connection idle
 * @param bodyPatience the longest time that callers may take for the whole body of a request
 * @param callers the object that finds the address of a caller behind a proxy; if empty, no proxies
 *     are configured, and the address of the connection is the caller's address
 * @param connections the limits on how many connections callers may have, and on how long the head
 *     of a request may take to arrive
 * @param requestLinks the maker of links to the page on which a refused caller can request access
 *     or higher limits
 * @param uploads the maker of the URLs to which callers upload files; empty if the gateway gives
 *     out no such URLs
 * @param origins the origins of web pages whose scripts may call the gateway
 * @param rootPaths whether paths at the root of the gateway are rewritten to the URLs that name no
 *     service
 * @param mayReason a function that says whether the model behind an endpoint might reason before it
 *     answers; it returns false only if the model is known not to reason
 * @param turns the scheduler that sends calls to providers at the pace that the providers allow
 * @param opened the list of the open WebSockets, which the gateway keeps up to date
 * @param secrets the secrets with which browsers open WebSockets; empty if the gateway creates no
 *     such secrets
 * @param activity the list of the running calls, which the gateway keeps up to date
 * @param tls a function that creates the server's side of each TLS connection; if empty, the server
 *     speaks plain HTTP
 */
public record GatewaySettings(
    String host,
    int port,
    BodySizes bodySizes,
    OutboundSettings outbound,
    Duration callerPatience,
    BodyTimeouts bodyPatience,
    Optional<RequestOrigins> callers,
    ConnectionLimits connections,
    RequestLinks requestLinks,
    Optional<UploadLinks> uploads,
    AllowedOrigins origins,
    boolean rootPaths,
    BiPredicate<Endpoint, String> mayReason,
    CapacityTurns turns,
    NodeConnections opened,
    Optional<ClientSecrets> secrets,
    NodeActivity activity,
    Optional<Supplier<SSLEngine>> tls) {
  public static GatewaySettings on(String host, int port) {
    return new GatewaySettings(
        host,
        port,
        BodySizes.USUAL,
        OutboundSettings.strict(),
        Duration.ofSeconds(75),
        BodyTimeouts.USUAL,
        Optional.empty(),
        ConnectionLimits.standard(),
        RequestLinks.NONE,
        Optional.empty(),
        AllowedOrigins.NONE,
        true,
        PublishedPrices.BUNDLED::mayReason,
        CapacityTurns.UNLIMITED,
        new NodeConnections("gateway", System::nanoTime),
        Optional.empty(),
        new NodeActivity(System::nanoTime),
        Optional.empty());
  }

  public GatewaySettings withBodySizes(BodySizes sizes) {
    return with(parts -> parts.bodySizes = sizes);
  }

  public GatewaySettings withOutbound(OutboundSettings other) {
    return with(parts -> parts.outbound = other);
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
    return with(parts -> parts.callerPatience = patience);
  }

  GatewaySettings withBodyPatience(BodyTimeouts other) {
    return with(parts -> parts.bodyPatience = other);
  }

  public GatewaySettings withCallers(RequestOrigins other) {
    return with(parts -> parts.callers = Optional.of(other));
  }

  public GatewaySettings withConnections(ConnectionLimits limits) {
    return with(parts -> parts.connections = limits);
  }

  public GatewaySettings withRequestLinks(RequestLinks links) {
    return with(parts -> parts.requestLinks = links);
  }

  public GatewaySettings withUploads(UploadLinks links) {
    return with(parts -> parts.uploads = Optional.of(links));
  }

  public GatewaySettings withOrigins(AllowedOrigins other) {
    return with(parts -> parts.origins = other);
  }

  public GatewaySettings withRootPaths(boolean led) {
    return with(parts -> parts.rootPaths = led);
  }

  GatewaySettings withReasoning(BiPredicate<Endpoint, String> other) {
    return with(parts -> parts.mayReason = other);
  }

  public GatewaySettings withTurns(CapacityTurns other) {
    return with(parts -> parts.turns = other);
  }

  public GatewaySettings withOpened(NodeConnections other) {
    return with(parts -> parts.opened = other);
  }

  public GatewaySettings withSecrets(ClientSecrets other) {
    return with(parts -> parts.secrets = Optional.of(other));
  }

  public GatewaySettings withActivity(NodeActivity other) {
    return with(parts -> parts.activity = other);
  }

  public GatewaySettings withTls(Optional<? extends Supplier<SSLEngine>> engines) {
    return with(parts -> parts.tls = engines.map(one -> one));
  }

  private GatewaySettings with(Consumer<Parts> change) {
    Parts parts = new Parts(this);
    change.accept(parts);
    return parts.settings();
  }

  /** The gateway's settings in mutable fields. */
  private static final class Parts {
    private final String host;
    private final int port;
    private BodySizes bodySizes;
    private OutboundSettings outbound;
    private Duration callerPatience;
    private BodyTimeouts bodyPatience;
    private Optional<RequestOrigins> callers;
    private ConnectionLimits connections;
    private RequestLinks requestLinks;
    private Optional<UploadLinks> uploads;
    private AllowedOrigins origins;
    private boolean rootPaths;
    private BiPredicate<Endpoint, String> mayReason;
    private CapacityTurns turns;
    private NodeConnections opened;
    private Optional<ClientSecrets> secrets;
    private NodeActivity activity;
    private Optional<Supplier<SSLEngine>> tls;

    Parts(GatewaySettings of) {
      this.host = of.host;
      this.port = of.port;
      this.bodySizes = of.bodySizes;
      this.outbound = of.outbound;
      this.callerPatience = of.callerPatience;
      this.bodyPatience = of.bodyPatience;
      this.callers = of.callers;
      this.connections = of.connections;
      this.requestLinks = of.requestLinks;
      this.uploads = of.uploads;
      this.origins = of.origins;
      this.rootPaths = of.rootPaths;
      this.mayReason = of.mayReason;
      this.turns = of.turns;
      this.opened = of.opened;
      this.secrets = of.secrets;
      this.activity = of.activity;
      this.tls = of.tls;
    }

    GatewaySettings settings() {
      return new GatewaySettings(
          host,
          port,
          bodySizes,
          outbound,
          callerPatience,
          bodyPatience,
          callers,
          connections,
          requestLinks,
          uploads,
          origins,
          rootPaths,
          mayReason,
          turns,
          opened,
          secrets,
          activity,
          tls);
    }
  }
}
