package io.claviger.oidc;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
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
import org.apache.hc.client5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.HttpClientResponseHandler;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.util.Timeout;

/**
 * Creates HTTP clients for requests to identity providers, issuers and token URLs. These clients
 * follow no redirects, repeat no requests, and keep no cookies. Each client has at most 20
 * connections, and uses each connection for at most a minute. The head of an answer has at most 64
 * KiB and 100 fields, and each line has at most 8 KiB. An answer has at most 8 trailer fields.
 */
public final class OutboundHttp {
  static final int MOST_CONNECTIONS = 20;

  private static final int MOST_OF_HEAD = 64 << 10;

  /** The limits on heads, which are also the defaults of Apache's client. */
  private static final Http1Config HEAD =
      Http1Config.custom().setMaxLineLength(8 << 10).setMaxHeaderCount(100).build();

  /** The limits on everything after the head: the lines before chunks, and trailers. */
  private static final Http1Config BODY = Http1Config.copy(HEAD).setMaxHeaderCount(8).build();

  private OutboundHttp() {}

  /**
   * @param connections further settings for the client's connections
   * @param mostPerHost the maximum number of the client's connections to one host
   * @param patience the timeout for opening a connection, and for the wait for each further part of
   *     an answer
   */
  public static HttpClientBuilder client(
      PoolingHttpClientConnectionManagerBuilder connections, int mostPerHost, Duration patience) {
    Timeout timeout = Timeout.of(patience);
    return HttpClientBuilder.create()
        .setConnectionManager(
            connections
                .setConnectionFactory(
                    ManagedHttpClientConnectionFactory.builder()
                        .http1Config(BODY)
                        .responseParserFactory(new BoundedHeads())
                        .build())
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
        throw (IOException) new SocketTimeoutException("the answer took too long").initCause(e);
      }
      throw e;
    } finally {
      boolean unused = end.cancel(false);
    }
  }

  /**
   * Parses the heads of answers up to a total number of bytes. Apache's parser can limit only the
   * number of lines and the length of each line.
   */
  private static final class BoundedHeads extends DefaultHttpResponseParserFactory {
    BoundedHeads() {
      super(HEAD);
    }

    @Override
    public HttpMessageParser<ClassicHttpResponse> create() {
      HttpMessageParser<ClassicHttpResponse> parser = super.create();
      return (buffer, in) -> parser.parse(buffer, new HeadStream(in));
    }
  }

  /**
   * The bytes of a connection while a head is parsed. The parser reads ahead into a buffer, so the
   * first bytes after the head are counted too.
   */
  private static final class HeadStream extends FilterInputStream {
    private int left = MOST_OF_HEAD;

    HeadStream(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      if (left <= 0) {
        throw new MessageConstraintException("the head of the answer has more than 64 KiB");
      }
      int count = super.read(bytes, from, length);
      left -= Math.max(0, count);
      return count;
    }
  }

  /** Finds those addresses of a host to which a client may connect. */
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
      throw new UnknownHostException("an address is permitted only together with a port");
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }
}
