package io.claviger.credentials;

import io.claviger.application.credentials.port.CredentialMinter.MintFailure.Cause;
import io.claviger.application.credentials.port.CredentialMinter.MintRequest;
import io.claviger.application.credentials.port.TokenAddresses;
import io.claviger.credentials.Attempt.Failed;
import io.claviger.domain.accounts.User;
import io.claviger.domain.credentials.TokenUrl;
import io.claviger.oidc.OutboundHttp;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;

/**
 * Sends token requests to token URLs. Connects only to addresses that the policy allows for the
 * service. Does not follow redirects, repeat requests or use a proxy. Reads at most 64 KiB of an
 * answer. A request ends after at most ten seconds, however slowly the server sends. Each request
 * opens a new connection. So no service uses a connection that only another service may open.
 */
final class TokenHttp {
  private static final int LARGEST = 1 << 16;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TokenAddresses addresses;
  private final DefaultClientTlsStrategy tls;
  private final InstantSource clock;
  private final Duration patience;

  private TokenHttp(
      TokenAddresses addresses,
      DefaultClientTlsStrategy tls,
      InstantSource clock,
      Duration patience) {
    this.addresses = addresses;
    this.tls = tls;
    this.clock = clock;
    this.patience = patience;
  }

  static TokenHttp of(TokenAddresses addresses, InstantSource clock) {
    return new TokenHttp(addresses, DefaultClientTlsStrategy.createDefault(), clock, PATIENCE);
  }

  /**
   * @param trust the TLS context that decides which certificates are trusted; the JDK's list of
   *     trusted authorities is not used
   */
  TokenHttp trusting(SSLContext trust) {
    return new TokenHttp(addresses, new DefaultClientTlsStrategy(trust), clock, patience);
  }

  /**
   * @param time the timeout for all requests for one token together
   */
  TokenHttp patientFor(Duration time) {
    return new TokenHttp(addresses, tls, clock, time);
  }

  /** Returns the same client, but with the given rules about allowed addresses. */
  TokenHttp reaching(TokenAddresses other) {
    return new TokenHttp(other, tls, clock, patience);
  }

  InstantSource clock() {
    return clock;
  }

  /** Begins a token exchange. The timeout for all requests of the exchange starts now. */
  Exchange begin(MintRequest request) {
    return new Exchange(
        request.owner(), request.systemLevel(), System.nanoTime() + patience.toNanos());
  }

  /** Returns the fields of a form, or of a query, as they are sent. */
  static String encoded(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(
            each ->
                each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  /**
   * @param clockOff the time by which the server's clock is ahead of this node's clock; empty if
   *     the server did not state its time
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares answers
  record Answer(int status, byte[] body, Instant received, Optional<Duration> clockOff) {
    /**
     * Returns the present time of the server's clock, or of this node's clock if the answer does
     * not state the time. Lifetimes are computed with the server's clock, because this node's clock
     * might be wrong.
     */
    Instant time() {
      return received.plus(clockOff.orElse(Duration.ZERO));
    }

    /**
     * Returns the latest time that the server's clock can show at present; empty if the answer does
     * not state the time. Answers state whole seconds, so this node's clock is more exact if it
     * shows the same second.
     */
    Optional<Instant> latestTime() {
      return clockOff.map(
          off ->
              off.isPositive() || off.compareTo(Duration.ofSeconds(-1)) <= 0
                  ? received.plus(off).plusSeconds(1).minusNanos(1)
                  : received);
    }

    /** Wipes the received body, because it might contain a token. */
    void wipe() {
      Arrays.fill(body, (byte) 0);
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /** All requests for one token. */
  final class Exchange {
    private final User.Id owner;
    private final boolean systemLevel;
    private final long deadline;

    private Exchange(User.Id owner, boolean systemLevel, long deadline) {
      this.owner = owner;
      this.systemLevel = systemLevel;
      this.deadline = deadline;
    }

    /**
     * @param authorization the value of the header {@code Authorization}; null to send no such
     *     header
     */
    Answer form(TokenUrl url, String fields, @Nullable String authorization) throws Failed {
      return post(
          url,
          "application/x-www-form-urlencoded",
          fields.getBytes(StandardCharsets.UTF_8),
          authorization == null ? Map.of() : Map.of("Authorization", authorization));
    }

    Answer post(TokenUrl url, String contentType, byte[] body, Map<String, String> headers)
        throws Failed {
      HttpUriRequestBase request = new HttpUriRequestBase("POST", URI.create(url.url()));
      request.setEntity(new ByteArrayEntity(body, ContentType.parse(contentType)));
      request.setHeader("Accept", "application/json");
      headers.forEach(request::setHeader);
      return send(url, request);
    }

    /**
     * @param uri the whole URL, including its query
     */
    Answer get(TokenUrl url, URI uri, Map<String, String> headers) throws Failed {
      HttpUriRequestBase request = new HttpUriRequestBase("GET", uri);
      request.setHeader("Accept", "application/json");
      headers.forEach(request::setHeader);
      return send(url, request);
    }

    private Answer send(TokenUrl url, HttpUriRequestBase request) throws Failed {
      List<InetAddress> permitted = permitted(url);
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw tooSlow(url);
      }
      Duration time = Duration.ofNanos(left);
      try (CloseableHttpClient client = client(permitted, time)) {
        return OutboundHttp.execute(client, request, this::received, time);
      } catch (TooLong e) {
        throw new Failed(Cause.UNAVAILABLE, at(url) + " answered with more than 64 KiB.");
      } catch (IOException | RuntimeException e) {
        throw e instanceof InterruptedIOException ? tooSlow(url) : broken(url, e);
      }
    }

    private List<InetAddress> permitted(TokenUrl url) throws Failed {
      List<InetAddress> permitted;
      try {
        permitted =
            addresses.permitted(
                url, owner, systemLevel, Duration.ofNanos(deadline - System.nanoTime()));
      } catch (SocketTimeoutException e) {
        throw new Failed(
            Cause.UNAVAILABLE, "The host " + url.host() + " could not be looked up in time.");
      } catch (UnknownHostException e) {
        throw new Failed(Cause.UNAVAILABLE, "The host " + url.host() + " is not known.");
      }
      if (permitted.isEmpty()) {
        throw new Failed(
            Cause.NOT_ALLOWED,
            "Tokens may not be requested from "
                + url.base().url()
                + ". Private addresses need the operator's permission"
                + " (CLAVIGER_ALLOWED_PRIVATE_HOSTS), and public addresses need https.");
      }
      return permitted;
    }

    private Answer received(ClassicHttpResponse response) throws IOException {
      HttpEntity entity = response.getEntity();
      byte[] body = {};
      if (entity != null) {
        try (InputStream in = entity.getContent()) {
          body = in.readNBytes(LARGEST + 1);
        }
      }
      if (body.length > LARGEST) {
        throw new TooLong();
      }
      Instant now = clock.instant();
      Instant date = DateUtils.parseStandardDate(response, "Date");
      return new Answer(
          response.getCode(),
          body,
          now,
          Optional.ofNullable(date).map(theirs -> Duration.between(now, theirs)));
    }
  }

  private CloseableHttpClient client(List<InetAddress> permitted, Duration time) {
    return OutboundHttp.client(
            PoolingHttpClientConnectionManagerBuilder.create()
                // The client connects to exactly the addresses that were checked.
                .setDnsResolver(new OutboundHttp.PermittedHosts((host, port) -> permitted))
                .setTlsSocketStrategy(tls),
            1,
            time)
        .setUserAgent("claviger")
        .build();
  }

  private static String at(TokenUrl url) {
    return "The server at " + url.base().url();
  }

  private static Failed tooSlow(TokenUrl url) {
    return new Failed(Cause.UNAVAILABLE, at(url) + " did not answer in time.");
  }

  private static Failed broken(TokenUrl url, Throwable cause) {
    String what =
        cause instanceof SSLException
            ? " has a certificate that is not trusted, or TLS with it fails."
            : " can't be reached, or broke the connection off.";
    return new Failed(Cause.UNAVAILABLE, at(url) + what);
  }

  private static final class TooLong extends IOException {}
}
