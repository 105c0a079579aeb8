package io.claviger.domain.standards;

import java.util.Locale;
import java.util.Set;

/**
 * The headers that HTTP (RFC 9110 and 9112) or the gateway itself sets. So no setting may send a
 * value in one of these headers.
 */
public final class GovernedHeaders {
  private static final Set<String> NAMES =
      Set.of(
          "host",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "upgrade",
          "expect",
          "http2-settings",
          "authorization",
          "cookie",
          "cookie2",
          "set-cookie",
          "accept-encoding",
          "forwarded",
          "via",
          "x-real-ip",
          "x-request-id");

  private GovernedHeaders() {}

  /**
   * @param name the name, in upper or lower case
   */
  public static boolean governs(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return NAMES.contains(lower)
        || lower.startsWith("content-")
        || lower.startsWith("x-forwarded-")
        || lower.startsWith("x-claviger-");
  }
}
