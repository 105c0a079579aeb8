package io.claviger.bootstrap.node;

import com.zaxxer.hikari.HikariDataSource;
import io.claviger.bootstrap.metrics.Metrics;
import io.claviger.bootstrap.settings.ListenerSettings;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.bootstrap.wiring.NodeContext;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.TokenText;
import io.claviger.gateway.Gateway;
import io.claviger.gateway.GatewaySettings;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import io.claviger.gateway.in.ConnectionLimits;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.operator.Build;
import io.claviger.operator.StartRefused;
import io.claviger.web.UseCases;
import io.claviger.web.WebServer;
import io.claviger.web.WebSettings;
import io.claviger.web.server.CallerAddress;
import io.claviger.web.server.ServerLimits;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The two listeners of a node. They are separate, so that an operator can publish only one of them.
 */
final class Listeners {
  private final ListenerSettings settings;
  private final WebServer web;
  private final Gateway gateway;

  private Listeners(ListenerSettings settings, WebServer web, Gateway gateway) {
    this.settings = settings;
    this.web = web;
    this.gateway = gateway;
  }

  /**
   * @throws StartRefused when one of them can't listen on its port
   */
  static Listeners start(
      Settings settings,
      NodeContext context,
      List<HikariDataSource> pools,
      OutboundSettings outbound,
      OwnListeners own) {
    ListenerSettings where = settings.listeners();
    Metrics metrics = new Metrics();
    pools.forEach(metrics::watch);
    GatewaySettings gatewaySettings =
        believing(
            settings.trustedProxies().addresses(),
            GatewaySettings.on(where.host(), where.gatewayPort())
                .withMaxBodyBytes(settings.gateway().maxBodyBytes())
                .withConnections(connectionLimits(settings))
                .withOutbound(outbound));
    Gateway gateway =
        bound(
            "CLAVIGER_GATEWAY_PORT",
            where.gatewayPort(),
            () ->
                Gateway.start(
                    gatewaySettings,
                    context.gateway().authorizeCall(),
                    new MeteredCalls(metrics, context.usageCounter())));
    own.add(gateway.address());
    metrics.watch(gateway::providerConnections);
    try {
      WebServer web =
          bound(
              "CLAVIGER_PORT",
              where.port(),
              () -> WebServer.start(webSettings(settings, gateway), useCases(context, metrics)));
      own.add(new InetSocketAddress(where.host(), web.port()));
      return new Listeners(where, web, gateway);
    } catch (RuntimeException e) {
      gateway.close();
      throw e;
    }
  }

  URI api() {
    return settings.url(web.port());
  }

  URI gateway() {
    return settings.url(gateway.address().getPort());
  }

  /** Reports not ready at once, and gives running requests until the end of the grace period. */
  void stop(Duration grace) {
    Instant end = Instant.now().plus(grace);
    Thread draining = Thread.ofVirtual().name("drain-gateway").start(() -> gateway.drain(grace));
    try {
      boolean unused = web.drain(grace);
      draining.join(Duration.between(Instant.now(), end).plusSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    web.close();
    gateway.close();
  }

  private static GatewaySettings believing(Set<InetAddress> proxies, GatewaySettings settings) {
    return proxies.isEmpty() ? settings : settings.withCallers(new CallerAddress(proxies)::of);
  }

  private static ConnectionLimits connectionLimits(Settings settings) {
    return ConnectionLimits.standard()
        .withMost(settings.connections().most(), settings.connections().mostPerAddress())
        .withProxies(settings.trustedProxies().addresses());
  }

  private static WebSettings webSettings(Settings settings, Gateway gateway) {
    return new WebSettings(
        settings.listeners().host(),
        settings.listeners().port(),
        () -> settings.listeners().gatewayUrl(gateway.address().getPort()).toString(),
        ServerLimits.STANDARD
            .withConnections(settings.connections().most(), settings.connections().mostPerAddress())
            .withRequestsPerMinute(settings.api().requestsPerMinute()),
        settings.trustedProxies().addresses(),
        settings
            .metricsToken()
            .map(token -> token.lend(text -> TokenText.presented(new String(text)))),
        Build.current().version());
  }

  private static UseCases useCases(NodeContext context, Metrics metrics) {
    return new UseCases(
        context.users(),
        context.accessTokens(),
        context.standards(),
        context.definitions(),
        context.instances(),
        context.sharing(),
        context.projects(),
        context.userKeys(),
        context.defaults(),
        context.models(),
        context.modelConfigs(),
        context.gateway().checkConnection(),
        context.callExplanations(),
        context.usageReports(),
        context.auditEvents(),
        new NodeReadiness(context),
        metrics::scrape);
  }

  /**
   * The settings for connections to providers.
   *
   * @throws StartRefused when the exceptions for private addresses are invalid
   */
  static OutboundSettings outbound(Settings settings, OwnListeners own) {
    return OutboundSettings.strict()
        .withAllowedPrivateHosts(allowedPrivateHosts(settings))
        .withOwnListeners(own::all);
  }

  private static AllowedPrivateHosts allowedPrivateHosts(Settings settings) {
    try {
      return AllowedPrivateHosts.of(String.join(",", settings.gateway().allowedPrivateHosts()));
    } catch (InvalidValue | IllegalArgumentException e) {
      throw new StartRefused("CLAVIGER_ALLOWED_PRIVATE_HOSTS: " + e.getMessage(), e);
    }
  }

  private static <T> T bound(String variable, int port, Supplier<T> start) {
    try {
      return start.get();
    } catch (UncheckedIOException e) {
      throw new StartRefused(
          "port %d is in use or can't be listened on (%s)".formatted(port, variable), e);
    }
  }
}
