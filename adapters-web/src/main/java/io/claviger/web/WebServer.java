package io.claviger.web;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.health.Readiness;
import io.claviger.application.requests.RequestReferences;
import io.claviger.web.health.HealthRoutes;
import io.claviger.web.health.ManifestRoutes;
import io.claviger.web.health.MetricsRoutes;
import io.claviger.web.health.StartPage;
import io.claviger.web.requests.RequestPage;
import io.claviger.web.server.CallerOrigins;
import io.claviger.web.server.HttpServer;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** The HTTP server of the API. The server listens until it is closed. */
public final class WebServer implements AutoCloseable {
  private final HttpServer server;
  private final Routes routes;
  private final AtomicBoolean leaving;

  private WebServer(HttpServer server, Routes routes, AtomicBoolean leaving) {
    this.server = server;
    this.routes = routes;
    this.leaving = leaving;
  }

  /**
   * Starts the server.
   *
   * @param tokens the object that authenticates callers
   * @param references the encoder for the links that refused callers get; a link contains the terms
   *     that the caller lacks
   * @param readiness the object that says whether this node can serve requests
   * @param metrics a function that returns the metrics of this process in the text format of
   *     Prometheus
   * @param groups the routes of the features; if two paths match a request, the path that was added
   *     first wins
   * @throws java.io.UncheckedIOException if the server can't listen on the host and port of the
   *     settings
   */
  public static WebServer start(
      WebSettings settings,
      AccessTokens tokens,
      RequestReferences references,
      Readiness readiness,
      Supplier<String> metrics,
      List<RouteGroup> groups) {
    AtomicBoolean leaving = new AtomicBoolean();
    Routes routes =
        new Routes(
            tokens,
            new CallerOrigins(settings.trustedProxies(), settings.certificateHeader()),
            settings.limits(),
            RequestPage.links(references, settings.urls()::api));
    new StartPage(settings.urls()).addTo(routes);
    new ManifestRoutes(settings.version()).addTo(routes);
    new HealthRoutes(readiness, leaving::get).addTo(routes);
    new MetricsRoutes(metrics, settings.metricsToken()).addTo(routes);
    groups.forEach(group -> group.addTo(routes));
    HttpServer server =
        HttpServer.start(
            settings.host(),
            settings.port(),
            settings.limits(),
            settings.trustedProxies(),
            settings.tls(),
            routes);
    settings.urls().listeningOn(server.port());
    return new WebServer(server, routes, leaving);
  }

  public int port() {
    return server.port();
  }

  public Map<String, Set<String>> paths() {
    return routes.table();
  }

  /**
   * Starts to report that this server is not ready. Requests are still served, but each answer
   * closes its connection.
   */
  public void leave() {
    leaving.set(true);
    server.leave();
  }

  /**
   * Starts to report that this server is not ready, and waits for the in-flight requests. New
   * requests are still served until {@link #close}.
   *
   * @param atMost the maximum time to wait for the in-flight requests
   * @return whether all requests finished within that time
   */
  public boolean drain(Duration atMost) throws InterruptedException {
    leaving.set(true);
    return server.drain(atMost);
  }

  /** Stops listening and closes every connection. */
  @Override
  public void close() {
    server.close();
  }
}
