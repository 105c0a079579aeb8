package io.claviger.gateway.out;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * TLS to providers. New connections always verify certificates and host names. The context
 * remembers TLS sessions and resumes them at the same host and port.
 */
final class ProviderTls {
  /**
   * The maximum number of remembered sessions. A provider can send very many tickets for sessions,
   * and a ticket can have 64 KiB.
   */
  private static final int MOST_SESSIONS = 1_000;

  private final SslContext context;

  ProviderTls(SslContext context) {
    this.context = context;
    context.sessionContext().setSessionCacheSize(MOST_SESSIONS);
  }

  /** Returns a context that trusts the authorities that the JDK trusts. */
  static ProviderTls system() {
    try {
      return new ProviderTls(SslContextBuilder.forClient().sslProvider(SslProvider.JDK).build());
    } catch (SSLException e) {
      throw new IllegalStateException("this JDK lacks TLS", e);
    }
  }

  SslHandler handler(
      ByteBufAllocator buffers, ProviderAddress target, int timeoutMillis, Executor delegated) {
    // The host's name is not resolved again here. The name is needed only for SNI, for verification
    // and for the session cache.
    SslHandler handler = context.newHandler(buffers, target.bareHost(), target.port(), delegated);
    SSLParameters parameters = handler.engine().getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    handler.engine().setSSLParameters(parameters);
    handler.setHandshakeTimeoutMillis(timeoutMillis);
    return handler;
  }
}
