package io.claviger.oidc;

import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequestSender;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPRequest;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.StringEntity;

/**
 * Sends HTTP requests to an identity provider. Follows no redirects, repeats no requests, keeps no
 * cookies, and reads at most 1 MiB of a body. A request fails if no bytes arrive within the
 * timeout, or if the whole answer takes longer than twice the timeout.
 */
final class ProviderHttp implements HTTPRequestSender, ResourceRetriever, AutoCloseable {
  private static final int MOST_BYTES = 1_048_576;
  static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final CloseableHttpClient client;
  private final Duration longest;

  /**
   * @param patience the timeout for opening a connection, and for the wait for each further part of
   *     an answer
   */
  ProviderHttp(DefaultClientTlsStrategy tls, Duration patience) {
    this.longest = patience.multipliedBy(2);
    this.client =
        OutboundHttp.client(
                PoolingHttpClientConnectionManagerBuilder.create().setTlsSocketStrategy(tls),
                OutboundHttp.MOST_CONNECTIONS,
                patience)
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
    return OutboundHttp.execute(client, out, ProviderHttp::read, longest);
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
        throw new IOException("the content type is invalid", e);
      }
      response.setBody(body);
    }
    return response;
  }

  private static String body(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new IOException("the body has more than 1 MiB");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Fetches the provider's key set. */
  @Override
  public Resource retrieveResource(URL url) throws IOException {
    try {
      HttpUriRequestBase request = new HttpUriRequestBase("GET", url.toURI());
      return OutboundHttp.execute(
          client,
          request,
          response -> {
            if (response.getCode() != 200 || response.getEntity() == null) {
              throw new IOException("status " + response.getCode() + " instead of keys");
            }
            return new Resource(
                body(response.getEntity().getContent()), response.getEntity().getContentType());
          },
          longest);
    } catch (URISyntaxException e) {
      throw new IOException("the URL of the keys is invalid", e);
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
  }
}
