package io.claviger.web.server;

import io.claviger.domain.accounts.AddressNets;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * An HTTP server: Javalin on Jetty, with virtual threads. It can finish the requests under way
 * before it stops.
 */
public final class HttpServer implements AutoCloseable {
  private static final int HEADER_SIZE = 16_384;

  private final RequestHandler frame = new RequestHandler();
  private final ServerLimits limits;
  private final AddressNets trustedProxies;
  private final Javalin javalin;

  private HttpServer(
      String host, int port, ServerLimits limits, AddressNets trustedProxies, Routes routes) {
    this.limits = limits;
    this.trustedProxies = trustedProxies;
    this.javalin = Javalin.create(config -> configure(config, host, port, routes));
  }

  /**
   * Starts the server.
   *
   * @param port the port to listen on, or 0 for any free port
   * @param trustedProxies addresses that may have more connections than others
   * @throws UncheckedIOException when it can't listen on the host and port
   */
  public static HttpServer start(
      String host, int port, ServerLimits limits, AddressNets trustedProxies, Routes routes) {
    HttpServer server = new HttpServer(host, port, limits, trustedProxies, routes);
    server.javalin.start();
    return server;
  }

  /** Returns the port that the server listens on. */
  public int port() {
    return javalin.port();
  }

  /** Makes the answer to each request from now on end its connection. */
  public void leave() {
    frame.beginDraining();
  }

  /**
   * Waits for the requests under way. New requests are still served, but each ends its connection.
   * Thus no request is refused before the load balancers have noticed that this node is not ready.
   *
   * @param atMost how long to wait
   * @return whether all requests finished in time
   */
  public boolean drain(Duration atMost) throws InterruptedException {
    frame.beginDraining();
    return frame.awaitIdle(atMost);
  }

  @Override
  public void close() {
    javalin.stop();
  }

  private void configure(JavalinConfig config, String host, int port, Routes routes) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.concurrency.useVirtualThreads = true;
    config.router.ignoreTrailingSlashes = false;
    // Compression is off, so that secrets can't be guessed from the length of an answer.
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.jetty.modifyServer(this::configureServer);
    config.jetty.modifyServletContextHandler(
        context -> context.setErrorHandler(new ProblemPages()));
    config.jetty.modifyHttpConfiguration(HttpServer::bound);
    config.jetty.addConnector((server, http) -> connector(server, http, host, port));
    routes.register(config.routes);
    new ErrorAnswers(routes).register(config.routes);
    config.router.javaLangErrorHandler(ErrorAnswers::answerError);
  }

  private void configureServer(Server server) {
    server.setHandler(frame);
    server.setErrorHandler(new ProblemPages());
    server.setRequestLog(new AccessLog());
  }

  private static void bound(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEADER_SIZE);
    // A line feed alone does not end a line. Otherwise a proxy in front might see other requests.
    http.setHttpCompliance(HttpCompliance.STRICT);
    // The cache must tell cases apart. Otherwise the token {@code A} could be taken for a token
    // {@code a} that was sent earlier on the same connection.
    http.setHeaderCacheCaseSensitive(true);
    // A handle with an encoded slash is invalid, and is answered with 404 like any other.
    http.setUriCompliance(UriCompliance.RFC3986);
    http.addCustomizer(new TransferCodingGuard());
  }

  private Connector connector(Server server, HttpConfiguration http, String host, int port) {
    ServerConnector connector =
        new ServerConnector(
            server, null, null, new WipingBuffers(), -1, -1, new BoundedConnections(http, limits));
    connector.addBean(
        new ConnectionBounds(limits.connections(), limits.connectionsPerAddress(), trustedProxies));
    connector.setHost(host);
    connector.setPort(port);
    try {
      connector.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return connector;
  }

  private static final class BoundedConnections extends HttpConnectionFactory {
    private final ServerLimits limits;

    BoundedConnections(HttpConfiguration http, ServerLimits limits) {
      super(http);
      this.limits = limits;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
      return configure(
          new BoundedConnection(getHttpConfiguration(), connector, endPoint, limits),
          connector,
          endPoint);
    }
  }
}
