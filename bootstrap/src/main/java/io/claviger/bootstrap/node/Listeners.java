package io.claviger.bootstrap.node;

import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.activity.NodeActivity;
import io.claviger.application.audit.AuditPush;
import io.claviger.application.audit.AuditSealer;
import io.claviger.application.bills.UnexplainedBills;
import io.claviger.application.capacity.BusiestCapacities;
import io.claviger.application.capacity.CapacityTurns;
import io.claviger.application.connections.ClientSecrets;
import io.claviger.application.connections.NodeConnections;
import io.claviger.application.credentials.MintedCredentials;
import io.claviger.application.gateway.CallAuthorization;
import io.claviger.application.gateway.RevocationTimes;
import io.claviger.application.health.NodeHealth;
import io.claviger.application.health.Readiness;
import io.claviger.application.health.TaskRecords;
import io.claviger.application.identity.SignInFeature;
import io.claviger.application.identity.UnfollowedPeople;
import io.claviger.application.objects.HeldObjects;
import io.claviger.application.objects.UploadLinks;
import io.claviger.application.rejectedkeys.KeyVerdicts;
import io.claviger.application.requests.RequestReferences;
import io.claviger.application.requests.port.LinkCipher;
import io.claviger.application.routing.ModelRouting;
import io.claviger.application.sessions.LocalSignIn;
import io.claviger.application.usage.UsageCounter;
import io.claviger.bootstrap.logging.CallLog;
import io.claviger.bootstrap.metrics.Metrics;
import io.claviger.bootstrap.settings.ListenerSettings;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.bootstrap.settings.SignInSettings;
import io.claviger.bootstrap.telemetry.Telemetry;
import io.claviger.bootstrap.tls.ServerTls;
import io.claviger.console.Console;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.TokenText;
import io.claviger.gateway.Gateway;
import io.claviger.gateway.GatewaySettings;
import io.claviger.gateway.egress.AllowedPrivateHosts;
import io.claviger.gateway.in.ConnectionLimits;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.gateway.testcalls.OwnGateway;
import io.claviger.host.Build;
import io.claviger.host.StartRefused;
import io.claviger.web.WebFeatures;
import io.claviger.web.WebServer;
import io.claviger.web.WebSettings;
import io.claviger.web.pages.Pages;
import io.claviger.web.requests.RequestPage;
import io.claviger.web.server.CallerOrigins;
import io.claviger.web.server.NodeUrls;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.ServerLimits;
import io.claviger.wiring.NodeContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The two listeners of a node. One is for the API, and the other is for the gateway, so that an
 * operator can publish only one of them.
 */
final class Listeners {
  private final ListenerSettings settings;
  private final WebServer web;
  private final Gateway gateway;
  private final Metrics metrics;
  private final CallLog callLog;
  private final Optional<Telemetry> telemetry;
  private final Optional<ServerTls> tls;

  private Listeners(
      ListenerSettings settings,
      WebServer web,
      Gateway gateway,
      Metrics metrics,
      CallLog callLog,
      Optional<Telemetry> telemetry,
      Optional<ServerTls> tls) {
    this.tls = tls;
    this.settings = settings;
    this.web = web;
    this.gateway = gateway;
    this.metrics = metrics;
    this.callLog = callLog;
    this.telemetry = telemetry;
  }

  /**
   * @throws StartRefused if one of the two listeners can't listen on its port
   */
  static Listeners start(
      Settings settings,
      NodeContext context,
      List<HikariDataSource> pools,
      OutboundSettings outbound,
      OwnListeners own) {
    ListenerSettings where = settings.listeners();
    Optional<ServerTls> tls = where.tls().map(ServerTls::start);
    Optional<Telemetry> telemetry = Telemetry.start(settings.telemetry());
    Metrics metrics = new Metrics(telemetry.map(Telemetry::meters));
    CallLog callLog = CallLog.start(settings.log().everyCall());
    pools.forEach(metrics::watch);
    AtomicReference<URI> gatewayUrl = new AtomicReference<>(where.gatewayUrl(0));
    NodeUrls urls =
        new NodeUrls(
            where.port(),
            port -> settings.signIn().publicUrl().orElseGet(() -> where.url(port)),
            () -> gatewayUrl.get().toString());
    Gateway gateway =
        bound(
            "CLAVIGER_GATEWAY_PORT",
            where.gatewayPort(),
            () ->
                Gateway.start(
                    gatewaySettings(settings, context, outbound, urls, gatewayUrl::get, tls),
                    context.get(CallAuthorization.class),
                    context.get(ModelRouting.class),
                    context.get(HeldObjects.class),
                    new MeteredCalls(
                        metrics,
                        context.get(UsageCounter.class),
                        context.get(KeyVerdicts.class),
                        callLog,
                        telemetry.map(Telemetry::spans))));
    own.add(gateway.address());
    own.add(gateway.inside().address());
    gatewayUrl.set(where.gatewayUrl(gateway.address().getPort()));
    watch(metrics, context);
    tls.ifPresent(shown -> metrics.watchCertificate(shown::end));
    context.get(OwnGateway.class).started(gateway.inside());
    metrics.watch(gateway::providerConnections);
    try {
      WebServer web =
          bound(
              "CLAVIGER_PORT",
              where.port(),
              () ->
                  WebServer.start(
                      webSettings(settings, urls, tls),
                      context.get(AccessTokens.class),
                      context.get(RequestReferences.class),
                      context.get(Readiness.class),
                      metrics::scrape,
                      routes(context, urls, pages(settings))));
      own.add(new InetSocketAddress(where.host(), web.port()));
      return new Listeners(where, web, gateway, metrics, callLog, telemetry, tls);
    } catch (RuntimeException e) {
      gateway.close();
      metrics.close();
      callLog.close();
      telemetry.ifPresent(Telemetry::close);
      tls.ifPresent(ServerTls::close);
      throw e;
    }
  }

  private static GatewaySettings gatewaySettings(
      Settings settings,
      NodeContext context,
      OutboundSettings outbound,
      NodeUrls urls,
      Supplier<URI> gatewayUrl,
      Optional<ServerTls> tls) {
    ListenerSettings where = settings.listeners();
    return believing(
        settings,
        GatewaySettings.on(where.host(), where.gatewayPort())
            .withBodySizes(settings.gateway().bodySizes())
            .withUploads(new UploadLinks(context.get(LinkCipher.class), gatewayUrl))
            .withTls(tls)
            .withOrigins(settings.gateway().allowedOrigins())
            .withRootPaths(settings.gateway().rootPaths())
            .withConnections(connectionLimits(settings))
            .withOutbound(outbound)
            .withTurns(context.get(CapacityTurns.class))
            .withOpened(context.get(NodeConnections.class))
            .withSecrets(context.get(ClientSecrets.class))
            .withActivity(context.get(NodeActivity.class))
            .withRequestLinks(RequestPage.links(context.get(RequestReferences.class), urls::api)));
  }

  private static void watch(Metrics metrics, NodeContext context) {
    metrics.watchRevocations(context.get(RevocationTimes.class)::longest);
    metrics.watchCredentials(context.get(MintedCredentials.class));
    metrics.watchTasks(context.get(TaskRecords.class));
    metrics.watchAuditSeal(context.get(AuditSealer.class));
    metrics.watchHealth(context.get(NodeHealth.class));
    metrics.watchUsage(context.get(UsageCounter.class));
    context.all(SignInFeature.class).forEach(in -> metrics.watchIdentities(in.refresh()));
    metrics.watchUnfollowed(context.get(UnfollowedPeople.class));
    context.all(AuditPush.class).forEach(metrics::watchAuditPush);
    context.get(UnexplainedBills.class).watch(metrics::showUnexplained);
    context.get(BusiestCapacities.class).watch(metrics::showCapacities);
  }

  URI api() {
    return settings.url(web.port());
  }

  URI gateway() {
    return settings.url(gateway.address().getPort());
  }

  /** Returns the time that {@link #leave} takes. */
  Duration notice() {
    return settings.drain();
  }

  /**
   * Keeps both listeners open for the configured time, so that proxies can notice that this node is
   * not ready. During this time, the node still accepts all requests.
   */
  void leave() {
    web.leave();
    gateway.leave();
    try {
      Thread.sleep(settings.drain());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Reports immediately that this node is not ready. Running requests can continue until the grace
   * period ends. Each listener closes its port as soon as it has no running requests. So streams of
   * the gateway do not keep the API's port open.
   */
  void stop(Duration grace) {
    long end = System.nanoTime() + grace.toNanos();
    Thread draining = Thread.ofVirtual().name("drain-gateway").start(() -> gateway.drain(grace));
    try {
      boolean unused = web.drain(grace);
      web.close();
      draining.join(Duration.ofNanos(end - System.nanoTime()).plusSeconds(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    web.close();
    gateway.close();
    metrics.close();
    callLog.close();
    telemetry.ifPresent(Telemetry::close);
    tls.ifPresent(ServerTls::close);
  }

  private static GatewaySettings believing(Settings settings, GatewaySettings gateway) {
    return settings.trustedProxies().isEmpty()
        ? gateway
        : gateway.withCallers(
            new CallerOrigins(settings.trustedProxies(), settings.certificateHeader())::of);
  }

  private static ConnectionLimits connectionLimits(Settings settings) {
    return ConnectionLimits.standard()
        .withMost(settings.connections().most(), settings.connections().mostPerAddress())
        .withProxies(settings.trustedProxies());
  }

  private static WebSettings webSettings(
      Settings settings, NodeUrls urls, Optional<ServerTls> tls) {
    return new WebSettings(
        settings.listeners().host(),
        settings.listeners().port(),
        urls,
        ServerLimits.STANDARD
            .withConnections(settings.connections().most(), settings.connections().mostPerAddress())
            .withRequestsPerMinute(settings.api().requestsPerMinute()),
        settings.trustedProxies(),
        settings.certificateHeader(),
        tls.map(engines -> engines),
        settings
            .metricsToken()
            .map(token -> token.lend(text -> TokenText.presented(new String(text)))),
        Build.current().version());
  }

  /**
   * Returns the console's routes, followed by the API's routes. The console's paths take
   * precedence.
   */
  static List<RouteGroup> routes(NodeContext context, NodeUrls urls, Pages.Settings pages) {
    return context.make(
        RouteGroup.class,
        Stream.of(Console.FEATURES, WebFeatures.ALL).<Class<?>>flatMap(List::stream).toList(),
        urls,
        pages);
  }

  private static Pages.Settings pages(Settings settings) {
    SignInSettings signIn = settings.signIn();
    return new Pages.Settings(
        signIn.publicUrl(),
        new LocalSignIn(signIn.local()),
        signIn.oidc().map(oidc -> oidc.issuer().uri().getHost()).orElse(""),
        Console.frame(),
        settings.api().keyAgeDays());
  }

  /**
   * Returns the settings for connections to providers.
   *
   * @throws StartRefused if the allowed private addresses are invalid
   */
  static OutboundSettings outbound(Settings settings, OwnListeners own) {
    return OutboundSettings.strict()
        .withAllowedPrivateHosts(allowedPrivateHosts(settings))
        .withOwnListeners(own::all);
  }

  private static AllowedPrivateHosts allowedPrivateHosts(Settings settings) {
    try {
      return AllowedPrivateHosts.of(String.join(",", settings.gateway().allowedPrivateHosts()));
    } catch (InvalidValue e) {
      throw new StartRefused("CLAVIGER_ALLOWED_PRIVATE_HOSTS: " + e.allowed(), e);
    }
  }

  /**
   * Checks that the ports of both listeners are free, before anything is created. If another
   * process takes a port between this check and the start of the listeners, the listeners refuse to
   * start, and the message is the same as that of this method.
   *
   * @throws StartRefused if the host does not belong to this machine, or if a port is taken; the
   *     message has a line for each port that is taken
   */
  static void demandFreePorts(ListenerSettings settings) {
    demandOwnAddress(settings.host());
    List<String> faults = new ArrayList<>();
    probe(settings.host(), settings.port(), "CLAVIGER_PORT", faults);
    probe(settings.host(), settings.gatewayPort(), "CLAVIGER_GATEWAY_PORT", faults);
    if (!faults.isEmpty()) {
      throw new StartRefused(faults);
    }
  }

  /**
   * Tries to listen on any free port. If this fails, the host can't be used, no matter on which
   * port.
   */
  private static void demandOwnAddress(String host) {
    InetSocketAddress anyPort = new InetSocketAddress(host, 0);
    if (anyPort.isUnresolved()) {
      throw new StartRefused("the host %s can't be resolved (CLAVIGER_HOST)".formatted(host));
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.bind(anyPort);
    } catch (IOException e) {
      throw new StartRefused("%s is no address of this machine (CLAVIGER_HOST)".formatted(host), e);
    }
  }

  private static void probe(String host, int port, String variable, List<String> faults) {
    if (port == 0) {
      return;
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(host, port));
    } catch (IOException e) {
      faults.add(taken(port, variable));
    }
  }

  private static String taken(int port, String variable) {
    return "port %d is in use or can't be listened on (%s)".formatted(port, variable);
  }

  private static <T> T bound(String variable, int port, Supplier<T> start) {
    try {
      return start.get();
    } catch (UncheckedIOException e) {
      throw new StartRefused(taken(port, variable), e);
    }
  }
}
