package io.claviger.oidc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.HttpClientResponseHandler;
import org.apache.hc.core5.util.Timeout;

/**
 * Creates HTTP clients for requests to identity providers, issuers and token URLs. These clients
 * follow no redirects, repeat no requests, and keep no cookies. Each client has at most 20
 * connections, and uses each connection for at most a minute.
 */
public final class OutboundHttp {
  static final int MOST_CONNECTIONS = 20;

  private OutboundHttp() {}

  /**
   * @param connections further settings for the client's connections
   * @param mostPerHost the maximum number of the client's connections to one host
   * @param patience the timeout for a connection, and for each further part of an answer
   */
  public static HttpClientBuilder client(
      PoolingHttpClientConnectionManagerBuilder connections, int mostPerHost, Duration patience) {
    Timeout timeout = Timeout.of(patience);
    return HttpClientBuilder.create()
        .setConnectionManager(
            connections
                .setMaxConnTotal(MOST_CONNECTIONS)
                .setMaxConnPerRoute(mostPerHost)
                .setDefaultConnectionConfig(
                    ConnectionConfig.custom()
                        .setConnectTimeout(timeout)
                        .setSocketTimeout(timeout)
                        .setTimeToLive(Timeout.ofMinutes(1))
                        .build())
                .build())
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setConnectionRequestTimeout(timeout)
                .setResponseTimeout(timeout)
                .setRedirectsEnabled(false)
                .build())
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableContentCompression();
  }

  /**
   * Sends a request. The request ends at its timeout, even if the server is still sending slowly.
   *
   * @throws SocketTimeoutException if the timeout passed before the whole answer was read
   */
  public static <T> T execute(
      CloseableHttpClient client,
      HttpUriRequestBase request,
      HttpClientResponseHandler<T> reader,
      Duration time)
      throws IOException {
    AtomicBoolean late = new AtomicBoolean();
    CompletableFuture<Void> end =
        CompletableFuture.runAsync(
            () -> {
              late.set(true);
              request.cancel();
            },
            CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS));
    try {
      return client.execute(request, reader);
    } catch (IOException | RuntimeException e) {
      if (late.get()) {
        throw (IOException) new SocketTimeoutException("an answer that took too long").initCause(e);
      }
      throw e;
    } finally {
      boolean unused = end.cancel(false);
    }
  }

  /** Finds the addresses of a host to which a client may connect. */
  @FunctionalInterface
  public interface Lookup {
    List<InetAddress> permitted(String host, int port) throws UnknownHostException;
  }

  /**
   * Resolves the names of permitted hosts only. The client connects only to addresses that this
   * resolver returns, so all of them were checked.
   */
  public record PermittedHosts(Lookup lookup) implements DnsResolver {
    @Override
    public List<InetSocketAddress> resolve(String host, int port) throws UnknownHostException {
      return lookup.permitted(host, port).stream()
          .map(address -> new InetSocketAddress(address, port))
          .toList();
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      throw new UnknownHostException("an address is permitted together with its port only");
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }
}
