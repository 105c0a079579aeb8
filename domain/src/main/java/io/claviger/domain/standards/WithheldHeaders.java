package io.claviger.domain.standards;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The headers of a provider's response that a caller never gets, even if an API standard lists
 * them. Some of these headers belong to one connection or to the gateway. Others name the account
 * or contain credentials. All other headers in this class control a browser, a cache or a proxy in
 * front of the gateway.
 */
final class WithheldHeaders {
  private static final Set<String> NAMES =
      Set.of(
          // Headers that belong to one connection or are set by the gateway (RFC 9110 and 9112).
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
          // Cookies, credentials, and requests for credentials.
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
          // Headers that name the account that pays, or the user who is signed in to the account.
          "anthropic-organization-id",
          "anthropic-workspace-id",
          "openai-organization",
          "openai-project",
          "chatgpt-account-id",
          "x-codex-account-id",
          "x-goog-project",
          "x-goog-project-id",
          "x-goog-project-number",
          "x-goog-user-project",
          "x-ms-subscription-id",
          "x-ms-tenant-id",
          // The gateway itself says what caches may do with an answer. Providers must not say how
          // a browser stores the answer.
          "age",
          "cache-control",
          "cache-status",
          "content-disposition",
          "content-location",
          "expires",
          "no-vary-search",
          "pragma",
          "vary",
          // Headers that send the caller to another address.
          "location",
          "refresh",
          "link",
          "alt-svc",
          "alt-used",
          // Headers that change what a browser stores about the gateway's host.
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
          // Headers with the names of the hosts that forwarded the message.
          "forwarded",
          "via",
          "x-real-ip",
          // Headers that make a proxy in front of the gateway send a file, call another address or
          // cache the response.
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
          "x-amzn-oidc-",
          "x-auth-request-",
          "x-goog-authenticated-user-",
          "x-goog-iap-",
          "x-ms-client-principal",
          "x-ms-token-",
          "x-envoy-decorator",
          "x-envoy-immediate-",
          "x-claviger-");

  private WithheldHeaders() {}

  /**
   * @param name the name, in upper or lower case
   */
  public static boolean withholds(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (NAMES.contains(lower)) {
      return true;
    }
    // A loop is faster than a stream, and this code runs for each header of each answer.
    for (String beginning : BEGINNINGS) {
      if (lower.startsWith(beginning)) {
        return true;
      }
    }
    return false;
  }
}
