package io.claviger.domain.standards;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The headers of a provider's answer that never come back to a caller, whatever an API standard
 * lists. They belong to one connection or to the gateway itself, name the account, carry
 * credentials, or make a browser, a cache or a proxy before the gateway do something for the
 * provider.
 */
public final class WithheldHeaders {
  private static final Set<String> NAMES =
      Set.of(
          // Of one connection, or set anew by the gateway (RFC 9110 and 9112).
          "connection",
          "keep-alive",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings",
          "content-length",
          "content-encoding",
          "x-content-type-options",
          "x-request-id",
          "request-id",
          "x-provider-request-id",
          // Cookies, credentials, and what asks for them.
          "cookie",
          "cookie2",
          "set-cookie",
          "set-cookie2",
          "authorization",
          "authentication-info",
          "www-authenticate",
          "x-api-key",
          "api-key",
          "x-goog-api-key",
          // Of the account that pays.
          "anthropic-organization-id",
          "openai-organization",
          "openai-project",
          // Leads elsewhere.
          "location",
          "refresh",
          "link",
          "alt-svc",
          "alt-used",
          // Sets what a browser holds about the gateway's host.
          "strict-transport-security",
          "public-key-pins",
          "public-key-pins-report-only",
          "expect-ct",
          "clear-site-data",
          "nel",
          "report-to",
          "reporting-endpoints",
          "permissions-policy",
          "feature-policy",
          "document-policy",
          "referrer-policy",
          "origin-agent-cluster",
          "origin-trial",
          "service-worker-allowed",
          "timing-allow-origin",
          "accept-ch",
          "critical-ch",
          "sourcemap",
          "x-sourcemap",
          "x-frame-options",
          "x-xss-protection",
          // Who was asked, and by which way.
          "forwarded",
          "via",
          "x-real-ip",
          // Makes a proxy before the gateway send a file, go to another address or keep the answer.
          "x-http-method-override",
          "x-esi");

  private static final List<String> BEGINNINGS =
      List.of(
          "content-security-policy",
          "access-control-",
          "cross-origin-",
          "proxy-",
          "sec-",
          "surrogate-",
          "cdn-",
          "edge-",
          "x-accel-",
          "x-sendfile",
          "x-lighttpd-",
          "x-litespeed-",
          "x-lsadc-",
          "x-reproxy-",
          "x-forwarded-",
          "x-original-",
          "x-rewrite-",
          "x-proxy-",
          "x-envoy-decorator",
          "x-envoy-immediate-",
          "x-claviger-");

  private WithheldHeaders() {}

  /**
   * @param name in any case
   */
  public static boolean withholds(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return NAMES.contains(lower) || BEGINNINGS.stream().anyMatch(lower::startsWith);
  }
}
