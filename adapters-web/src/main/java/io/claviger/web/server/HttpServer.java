package io.claviger.web.server;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Javalin on Jetty, on virtual threads: it listens, and it stops without cutting anybody off. */
public final class HttpServer implements AutoCloseable {
  private static final int HEADER_SIZE = 16_384;

  private final RequestHandler frame = new RequestHandler();
  private final ServerLimits limits;
  private final Set<InetAddress> trustedProxies;
  private final Javalin javalin;

  private HttpServer(
      String host, int port, ServerLimits limits, Set<InetAddress> trustedProxies, Routes routes) {
    this.limits = limits;
    this.trustedProxies = trustedProxies;
    this.javalin = Javalin.create(config -> configure(config, host, port, routes));
  }

  /**
   * @param port 0 for any that is free
   * @param trustedProxies which may have more connections than other addresses
   * @throws UncheckedIOException when it can't listen there
   */
  public static HttpServer start(
      String host, int port, ServerLimits limits, Set<InetAddress> trustedProxies, Routes routes) {
    HttpServer server = new HttpServer(host, port, limits, trustedProxies, routes);
    server.javalin.start();
    return server;
  }

  /** The port that it listens on. */
  public int port() {
    return javalin.port();
  }

  /**
   * Lets the requests under way finish. New ones are still served, each ending its connection, so
   * that nobody is turned away before everybody has seen that this node is not ready any more.
   *
   * @return whether all had finished in time
   */
  public boolean drain(Duration atMost) throws InterruptedException {
    frame.beginDraining();
    return frame.awaitQuiet(atMost);
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
    // What is told on this server must not be guessed from the length of an answer.
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.jetty.modifyServer(this::furnish);
    config.jetty.modifyServletContextHandler(
        context -> context.setErrorHandler(new ProblemPages()));
    config.jetty.modifyHttpConfiguration(HttpServer::bound);
    config.jetty.addConnector((server, http) -> connector(server, http, host, port));
    routes.register(config.routes);
    new ErrorAnswers(routes).register(config.routes);
    config.router.javaLangErrorHandler(ErrorAnswers::answerError);
  }

  private void furnish(Server server) {
    server.setHandler(frame);
    server.setErrorHandler(new ProblemPages());
    server.setRequestLog(new AccessLog());
  }

  private static void bound(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEADER_SIZE);
    // A line feed alone ends no line: a proxy in front may see another request there.
    http.setHttpCompliance(HttpCompliance.STRICT);
    // Else a token would be taken for one seen on the same connection in other letters: a, A.
    http.setHeaderCacheCaseSensitive(true);
    // A slash in a handle is no handle: it is told as 404, as any other.
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
