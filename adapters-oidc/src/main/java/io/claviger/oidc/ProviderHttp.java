package io.claviger.oidc;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequestSender;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPRequest;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.Timeout;

/**
 * HTTP to an identity provider. It follows no redirect, repeats nothing, keeps no cookies, reads at
 * most 1 MiB of a body and gives up after 5 seconds without an answer, or 10 in all.
 */
final class ProviderHttp implements HTTPRequestSender, ResourceRetriever, AutoCloseable {
  private static final int MOST_BYTES = 1_048_576;
  private static final Timeout TIMEOUT = Timeout.ofSeconds(5);
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final int MOST_CONNECTIONS = 20;
  private static final int PIECE = 8_192;

  private final CloseableHttpClient client;

  ProviderHttp(DefaultClientTlsStrategy tls) {
    this.client =
        HttpClientBuilder.create()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setTlsSocketStrategy(tls)
                    .setMaxConnTotal(MOST_CONNECTIONS)
                    .setMaxConnPerRoute(MOST_CONNECTIONS)
                    .setDefaultConnectionConfig(
                        ConnectionConfig.custom()
                            .setConnectTimeout(TIMEOUT)
                            .setSocketTimeout(TIMEOUT)
                            .setTimeToLive(Timeout.ofMinutes(1))
                            .build())
                    .build())
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setConnectionRequestTimeout(TIMEOUT)
                    .setResponseTimeout(TIMEOUT)
                    .setRedirectsEnabled(false)
                    .build())
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableContentCompression()
            .setUserAgent("claviger")
            .build();
  }

  @Override
  public ReadOnlyHTTPResponse send(ReadOnlyHTTPRequest request) throws IOException {
    HttpUriRequestBase out = new HttpUriRequestBase(request.getMethod().name(), request.getURI());
    request
        .getHeaderMap()
        .forEach(
            (name, values) -> {
              if (!name.equalsIgnoreCase("Content-Type")) {
                values.forEach(value -> out.addHeader(name, value));
              }
            });
    if (request.getBody() != null) {
      out.setEntity(
          new StringEntity(
              request.getBody(), ContentType.APPLICATION_FORM_URLENCODED, "UTF-8", false));
    }
    return client.execute(out, ProviderHttp::read);
  }

  private static HTTPResponse read(ClassicHttpResponse in) throws IOException {
    HTTPResponse response = new HTTPResponse(in.getCode());
    if (in.getEntity() != null) {
      String body = body(in.getEntity().getContent());
      try {
        if (in.getEntity().getContentType() != null) {
          response.setContentType(in.getEntity().getContentType());
        }
      } catch (ParseException e) {
        throw new IOException("an invalid content type", e);
      }
      response.setBody(body);
    }
    return response;
  }

  private static String body(InputStream in) throws IOException {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    byte[] piece = new byte[PIECE];
    for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
      read.write(piece, 0, count);
      if (read.size() > MOST_BYTES) {
        throw new IOException("a body of more than 1 MiB");
      }
      if (System.nanoTime() - deadline > 0) {
        throw new IOException("a body that took more than 10 seconds");
      }
    }
    return read.toString(StandardCharsets.UTF_8);
  }

  /** Fetches a set of keys. */
  @Override
  public Resource retrieveResource(URL url) throws IOException {
    try {
      HttpUriRequestBase request = new HttpUriRequestBase("GET", url.toURI());
      return client.execute(
          request,
          response -> {
            if (response.getCode() != 200 || response.getEntity() == null) {
              throw new IOException("status " + response.getCode() + " instead of keys");
            }
            return new Resource(
                body(response.getEntity().getContent()), response.getEntity().getContentType());
          });
    } catch (URISyntaxException e) {
      throw new IOException("an invalid address of keys", e);
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
