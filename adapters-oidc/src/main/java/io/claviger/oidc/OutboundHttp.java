package io.claviger.oidc;

import java.time.Duration;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.util.Timeout;

/**
 * What clients of identity providers and issuers have in common: they follow no redirect, repeat no
 * request, keep no cookies and have 20 connections at most, each for a minute.
 */
public final class OutboundHttp {
  static final int MOST_CONNECTIONS = 20;

  private OutboundHttp() {}

  /**
   * @param connections says what else holds for the connections of the client
   * @param mostPerHost how many connections there may be to one host
   * @param patience how long to wait for a connection, and between two parts of an answer
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
}
