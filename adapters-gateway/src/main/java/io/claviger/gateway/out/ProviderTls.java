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
 * TLS to providers. Certificates and host names are always verified; sessions are kept by the
 * context and taken up again by host and port.
 */
final class ProviderTls {
  private final SslContext context;

  ProviderTls(SslContext context) {
    this.context = context;
  }

  /** Trusts whom the JDK trusts. */
  static ProviderTls system() {
    try {
      return new ProviderTls(SslContextBuilder.forClient().sslProvider(SslProvider.JDK).build());
    } catch (SSLException e) {
      throw new IllegalStateException("every JDK speaks TLS", e);
    }
  }

  SslHandler handler(
      ByteBufAllocator buffers, ProviderAddress target, int timeoutMillis, Executor delegated) {
    // The host goes along for SNI, verification and the session cache, never to be looked up again.
    SslHandler handler = context.newHandler(buffers, target.bareHost(), target.port(), delegated);
    SSLParameters parameters = handler.engine().getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    handler.engine().setSSLParameters(parameters);
    handler.setHandshakeTimeoutMillis(timeoutMillis);
    return handler;
  }
}
