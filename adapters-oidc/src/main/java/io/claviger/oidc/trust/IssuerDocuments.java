package io.claviger.oidc.trust;

import io.claviger.application.trusts.port.OutboundAddresses;
import io.claviger.domain.accounts.AddressLiteral;
import io.claviger.oidc.OutboundHttp;
import io.claviger.oidc.OutboundHttp.PermittedHosts;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;

/**
 * Fetches the documents that trusted issuers publish. Connects only to addresses that the policy
 * permits, and follows no redirects. Reads at most 1 MiB of a document. Ends a request after some
 * seconds, however slowly the issuer sends.
 */
final class IssuerDocuments implements AutoCloseable {
  static final int LARGEST = 1 << 20;

  private final CloseableHttpClient client;
  private final Duration deadline;

  /** The {@link System#nanoTime} at which the request on this thread has to end. */
  private final ThreadLocal<Long> end = new ThreadLocal<>();

  IssuerDocuments(OutboundAddresses addresses, Duration deadline) {
    this.deadline = deadline;
    this.client =
        OutboundHttp.client(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setDnsResolver(
                        new PermittedHosts((host, port) -> permitted(addresses, host, port))),
                2,
                deadline)
            .build();
  }

  /**
   * @throws IOException if the issuer does not answer with the status 200 in time, or if its answer
   *     is too long
   */
  String get(URI uri) throws IOException {
    HttpGet request = new HttpGet(uri);
    request.setHeader("Accept", "application/json");
    end.set(System.nanoTime() + deadline.toNanos());
    try {
      return OutboundHttp.execute(client, request, IssuerDocuments::text, deadline);
    } finally {
      end.remove();
    }
  }

  /** Runs on the request's thread, because the client resolves hosts on that thread. */
  private List<InetAddress> permitted(OutboundAddresses addresses, String host, int port)
      throws UnknownHostException {
    Duration left = Duration.ofNanos(Math.max(0, end.get() - System.nanoTime()));
    try {
      return addresses.permitted(AddressLiteral.bare(host), port, left);
    } catch (SocketTimeoutException e) {
      UnknownHostException unknown = new UnknownHostException(e.getMessage());
      unknown.initCause(e);
      throw unknown;
    }
  }

  private static String text(ClassicHttpResponse response) throws IOException {
    HttpEntity entity = response.getEntity();
    if (response.getCode() != 200 || entity == null) {
      throw new IOException("the issuer answered with status " + response.getCode());
    }
    try (InputStream body = entity.getContent()) {
      byte[] bytes = body.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new IOException("the issuer answered with more than a mebibyte");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
