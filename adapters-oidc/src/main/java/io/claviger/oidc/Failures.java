package io.claviger.oidc;

import io.claviger.application.identity.port.IdentityProvider.ProviderUnavailable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;

/** Explains to users why a request to the identity provider failed. */
final class Failures {
  private Failures() {}

  static ProviderUnavailable of(IOException e) {
    return new ProviderUnavailable(sentence(e), isBeforeSending(e), e);
  }

  private static String sentence(IOException e) {
    if (e instanceof SSLException) {
      return "The identity provider's certificate is not trusted, or the TLS connection fails.";
    }
    if (e instanceof SocketTimeoutException) {
      return "The identity provider does not answer in time. Try again later.";
    }
    return "The identity provider can't be reached, or its answer can't be read. Try again later.";
  }

  /**
   * Whether a request failed before its connection was open, so that the provider can't have
   * received the request.
   */
  private static boolean isBeforeSending(IOException e) {
    return e instanceof ConnectException
        || e instanceof ConnectTimeoutException
        || e instanceof UnknownHostException
        || e instanceof NoRouteToHostException;
  }
}
