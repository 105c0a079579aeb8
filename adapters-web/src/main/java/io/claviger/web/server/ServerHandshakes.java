package io.claviger.web.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Secures callers' connections with TLS. A connection is closed if its handshake takes too long.
 */
final class ServerHandshakes extends SslConnectionFactory {
  /** The maximum duration of a TLS handshake. */
  static final int LONGEST_SECONDS = 10;

  /**
   * @param engines a function that creates the server's side of each connection
   * @param next the name of the protocol inside TLS, such as HTTP
   */
  ServerHandshakes(Supplier<SSLEngine> engines, String next) {
    super(new Engines(engines), next);
  }

  @Override
  public Connection newConnection(Connector connector, EndPoint endPoint) {
    Connection connection = super.newConnection(connector, endPoint);
    if (connection instanceof SslConnection tls) {
      AtomicBoolean over = new AtomicBoolean();
      Scheduler.Task end =
          connector
              .getScheduler()
              .schedule(
                  () -> {
                    if (over.compareAndSet(false, true)) {
                      endPoint.close();
                    }
                  },
                  LONGEST_SECONDS,
                  TimeUnit.SECONDS);
      tls.setRenegotiationAllowed(false);
      tls.addHandshakeListener(
          new SslHandshakeListener() {
            @Override
            public void handshakeSucceeded(Event event) {
              over.set(true);
              boolean unused = end.cancel();
            }

            @Override
            public void handshakeFailed(Event event, Throwable failure) {
              over.set(true);
              boolean unused = end.cancel();
            }
          });
    }
    return connection;
  }

  /**
   * Gets TLS engines from the supplier instead of a key store, so that certificates can be replaced
   * while the server runs.
   */
  private static final class Engines extends SslContextFactory.Server {
    private final Supplier<SSLEngine> engines;

    Engines(Supplier<SSLEngine> engines) {
      this.engines = engines;
      setRenegotiationAllowed(false);
    }

    @Override
    protected void doStart() {
      // Nothing is loaded here, because the supplier provides complete engines.
    }

    @Override
    public SSLEngine newSSLEngine() {
      return engines.get();
    }

    @Override
    public SSLEngine newSSLEngine(String host, int port) {
      return engines.get();
    }

    @Override
    public void customize(SSLEngine engine) {
      // The supplier provides complete engines.
    }
  }
}
