package io.claviger.web.server;

import io.claviger.application.shared.LogRate;
import io.claviger.domain.accounts.AddressNets;
import io.claviger.web.problems.Problem;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.compression.Gzip;
import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server: Javalin on Jetty, which runs each request on a virtual thread. Before it stops,
 * the server can finish its in-flight requests.
 */
public final class HttpServer implements AutoCloseable {
  private static final int HEADER_SIZE = 16_384;

  private final RequestHandler frame = new RequestHandler();
  private final ServerLimits limits;
  private final ConnectionBounds connections;
  private final Optional<Supplier<SSLEngine>> tls;
  private final Javalin javalin;

  private HttpServer(
      String host,
      int port,
      ServerLimits limits,
      AddressNets trustedProxies,
      Optional<Supplier<SSLEngine>> tls,
      Routes routes) {
    this.tls = tls;
    this.limits = limits;
    this.connections =
        new ConnectionBounds(limits.connections(), limits.connectionsPerAddress(), trustedProxies);
    this.javalin = Javalin.create(config -> configure(config, host, port, routes));
  }

  /**
   * Starts the server.
   *
   * @param port the port on which to listen; 0 picks a free port
   * @param trustedProxies the addresses of proxies; they may have more connections than other
   *     addresses
   * @param tls a function that creates the server's side of each TLS connection; if empty, the
   *     server speaks plain HTTP
   * @throws UncheckedIOException if the server can't listen on the host and port
   */
  public static HttpServer start(
      String host,
      int port,
      ServerLimits limits,
      AddressNets trustedProxies,
      Optional<Supplier<SSLEngine>> tls,
      Routes routes) {
    HttpServer server = new HttpServer(host, port, limits, trustedProxies, tls, routes);
    server.javalin.start();
    return server;
  }

  public int port() {
    return javalin.port();
  }

  /** Makes each answer close its connection from now on. */
  public void leave() {
    frame.beginDraining();
  }

  /**
   * Waits until the in-flight requests have been answered. New requests are still served, but their
   * connections are closed afterwards. So callers still get answers until the load balancers notice
   * that this node is not ready.
   *
   * @param atMost the maximum time to wait
   * @return whether all requests finished within that time
   */
  public boolean drain(Duration atMost) throws InterruptedException {
    frame.beginDraining();
    return frame.awaitIdle(atMost);
  }

  @Override
  public void close() {
    try {
      javalin.stop();
    } finally {
      // Jetty neither serves nor closes a connection that it accepts while it stops. The caller
      // would wait for an answer.
      connections.close();
    }
  }

  private void configure(JavalinConfig config, String host, int port, Routes routes) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.concurrency.useVirtualThreads = true;
    config.router.ignoreTrailingSlashes = false;
    config.http.compressionStrategy = onlyOnRequest();
    config.jetty.modifyServer(this::configureServer);
    config.jetty.modifyServletContextHandler(
        context -> context.setErrorHandler(new ProblemPages()));
    config.jetty.modifyHttpConfiguration(HttpServer::bound);
    config.jetty.addConnector((server, http) -> connector(server, http, host, port));
    routes.register(config.routes);
    new ErrorAnswers(routes).register(config.routes);
    config.router.javaLangErrorHandler(ErrorAnswers::answerError);
  }

  /**
   * Compresses only answers that set a smallest size for compression, so that secrets can't be
   * guessed from the length of any other answer.
   */
  private static CompressionStrategy onlyOnRequest() {
    CompressionStrategy strategy = new CompressionStrategy(null, new Gzip());
    strategy.setDefaultMinSizeForCompression(Integer.MAX_VALUE);
    return strategy;
  }

  private void configureServer(Server server) {
    server.setHandler(frame);
    server.setErrorHandler(new ProblemPages());
    server.setRequestLog(new AccessLog());
  }

  private static void bound(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEADER_SIZE);
    // A line feed alone does not end a line. If it did, a proxy in front of this server might
    // divide the same bytes into requests in another way than this server does.
    http.setHttpCompliance(HttpCompliance.STRICT);
    // Jetty's cache of header values must be case-sensitive, because the token `A` could otherwise
    // be taken for a token `a` that was sent earlier on the same connection.
    http.setHeaderCacheCaseSensitive(true);
    // A handle with an encoded slash is invalid, and is answered with 404 like any other invalid
    // handle.
    http.setUriCompliance(UriCompliance.RFC3986);
    http.addCustomizer(new TransferCodingGuard());
  }

  private Connector connector(Server server, HttpConfiguration http, String host, int port) {
    BoundedConnections inside = new BoundedConnections(http, limits);
    ConnectionFactory[] protocols =
        tls.<ConnectionFactory[]>map(
                engines -> {
                  // The server does not compare its certificate with the requested host name;
                  // callers check the certificate.
                  http.addCustomizer(new SecureRequestCustomizer(false));
                  return new ConnectionFactory[] {
                    new ServerHandshakes(engines, inside.getProtocol()), inside
                  };
                })
            .orElseGet(() -> new ConnectionFactory[] {inside});
    ServerConnector connector =
        new ServerConnector(server, null, null, new WipingBuffers(), -1, -1, protocols) {
          @Override
          protected void configure(Socket socket) {
            super.configure(socket);
            connections.count(socket.getChannel());
          }

          @Override
          protected void interruptAcceptors() {
            // The acceptors need no interruption, because the port is already closed, and a closed
            // port ends them. If a thread is interrupted just after it accepted a connection, the
            // JDK neither returns nor closes the connection, so the connection's caller would wait
            // for an answer.
          }
        };
    connector.addBean(connections);
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
    private final LogRate warnings = new LogRate();

    BoundedConnections(HttpConfiguration http, ServerLimits limits) {
      super(http);
      this.limits = limits;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
      return configure(
          new BoundedConnection(getHttpConfiguration(), connector, endPoint, limits, warnings),
          connector,
          endPoint);
    }
  }

  /**
   * Refuses bodies with transfer codings other than a single {@code chunked}. In HTTP/1.0, refuses
   * any transfer coding (RFC 9112, 6.1 and 6.3). Jetty only checks whether the list of codings ends
   * with {@code chunked}, and ignores the codings before it.
   */
  private static final class TransferCodingGuard implements HttpConfiguration.Customizer {

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
      List<String> codings = request.getHeaders().getValuesList(HttpHeader.TRANSFER_ENCODING);
      if (!codings.isEmpty() && !isReadable(request, codings)) {
        throw new HttpException.RuntimeException(400, "transfer coding");
      }
      return request;
    }

    private static boolean isReadable(Request request, List<String> codings) {
      HttpVersion version = request.getConnectionMetaData().getHttpVersion();
      return codings.size() == 1
          && codings.get(0).equalsIgnoreCase("chunked")
          && version != HttpVersion.HTTP_1_0;
    }
  }

  /**
   * Provides the buffers for the connections' data. Each buffer is used only once, and is wiped
   * when it is released. The buffers are wiped because a body can contain a key.
   */
  private static final class WipingBuffers implements ByteBufferPool {
    private static final byte[] ZEROS = new byte[4096];

    @Override
    public RetainableByteBuffer.Mutable acquire(int size, boolean direct) {
      ByteBuffer bytes = direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
      ByteBuffer whole = bytes.duplicate();
      bytes.limit(0);
      return RetainableByteBuffer.wrap(bytes, () -> wipe(whole));
    }

    @Override
    public void clear() {
      // There is nothing to clear, because no buffer is kept.
    }

    private static void wipe(ByteBuffer whole) {
      whole.clear();
      while (whole.hasRemaining()) {
        whole.put(ZEROS, 0, Math.min(ZEROS.length, whole.remaining()));
      }
    }
  }

  /**
   * Answers with a problem document if Jetty finds an error, such as an invalid request line,
   * before any handler is called. Jetty's own message is not sent, because it might repeat parts of
   * the request.
   */
  private static final class ProblemPages extends ErrorHandler {
    private static final Map<Integer, Problem> KNOWN =
        Map.of(
            400,
                new Problem(
                    400,
                    "bad_request",
                    "This is not a valid HTTP request, or its path has an empty part (//), an"
                        + " encoded slash or something else that is ambiguous."),
            408, new Problem(408, "request_timeout", "The request did not arrive in time."),
            414, new Problem(414, "uri_too_long", "Send a shorter URI."),
            417, new Problem(417, "expectation_failed", "Only Expect: 100-continue is understood."),
            426, new Problem(426, "upgrade_required", "Speak HTTP/1.1."),
            431, new Problem(431, "headers_too_large", "Send fewer or shorter header fields."),
            505, new Problem(505, "version_not_supported", "Speak HTTP/1.1."));

    @Override
    protected void generateResponse(
        Request request,
        Response response,
        int status,
        @Nullable String message,
        @Nullable Throwable cause,
        Callback callback) {
      String id = RequestId.of(request);
      RequestHandler.setCommonHeaders(response.getHeaders(), id);
      response.setStatus(status);
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
      if (status == 400) {
        // The end of a malformed request is uncertain, and so is the beginning of the next one.
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
      }
      response.write(true, ByteBuffer.wrap(of(status).json(id)), callback);
    }

    @Override
    public boolean errorPageForMethod(@Nullable String method) {
      return true;
    }

    private static Problem of(int status) {
      Problem known = KNOWN.get(status);
      if (known != null) {
        return known;
      }
      return status < 500
          ? new Problem(status, "request_failed", "The server can't take this request.")
          : new Problem(status, "internal_error", "Something went wrong here.");
    }
  }
}
