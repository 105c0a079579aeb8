package io.claviger.domain.definitions;

import io.claviger.domain.InvalidValue;
import java.net.IDN;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A provider's base URL, as one would give it to the provider's own SDK, in its one normal form:
 * scheme and host in lower case, host in punycode without a trailing dot, no default port, no
 * trailing slash. Keys are sealed to it.
 *
 * @param port as connected to, the scheme's default where none was written
 * @param path empty, or beginning with a slash and not ending in one
 */
public record Endpoint(String scheme, String host, int port, String path) {
  private static final int LONGEST = 2_048;
  private static final Pattern URL =
      Pattern.compile(
          "(?<scheme>https?)://(?<host>\\[[0-9A-Fa-f:.]+\\]|[^/?#@:\\[\\]\\\\\\s]+)(?::(?<port>\\d{1,5}))?(?<path>/[^?#]*)?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern PATH =
      Pattern.compile("(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})+)*");
  private static final Pattern NOT_NORMAL =
      Pattern.compile("/\\.{1,2}(?:/|$)|%2[fF]|%5[cC]|%2[eE]|%00");
  private static final Pattern HOST =
      Pattern.compile(
          "[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*");

  /**
   * @throws InvalidValue unless it is an absolute http or https URL of at most 2,048 characters
   *     without user info, query and fragment, whose path has no dot segments and no encoded
   *     slashes
   */
  public static Endpoint of(String url) {
    Matcher parts = URL.matcher(url);
    if (url.length() > LONGEST || !parts.matches()) {
      throw invalid();
    }
    String scheme = parts.group("scheme").toLowerCase(Locale.ROOT);
    int port =
        parts.group("port") == null ? defaultPort(scheme) : Integer.parseInt(parts.group("port"));
    String path = withoutTrailingSlashes(parts.group("path") == null ? "" : parts.group("path"));
    if (port < 1
        || port > 65_535
        || !PATH.matcher(path).matches()
        || NOT_NORMAL.matcher(path).find()) {
      throw invalid();
    }
    return new Endpoint(scheme, normalHost(parts.group("host")), port, path);
  }

  /** The URL in its normal form. */
  public String url() {
    return scheme + "://" + authority() + path;
  }

  /**
   * Host, with the port unless it is the scheme's default: what stands in a {@code Host} header.
   */
  public String authority() {
    return port == defaultPort(scheme) ? host : host + ":" + port;
  }

  public boolean isTls() {
    return scheme.equals("https");
  }

  @Override
  public String toString() {
    return url();
  }

  private static String normalHost(String host) {
    if (host.startsWith("[")) {
      return host.toLowerCase(Locale.ROOT);
    }
    String ascii;
    try {
      ascii = IDN.toASCII(host).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw invalid();
    }
    String bare = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
    if (bare.length() > 253 || !HOST.matcher(bare).matches()) {
      throw invalid();
    }
    return bare;
  }

  private static String withoutTrailingSlashes(String path) {
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(0, end);
  }

  private static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  private static InvalidValue invalid() {
    return new InvalidValue(
        "endpoint",
        "an absolute http or https base URL of at most 2,048 characters, without user info, query, fragment, dot segments"
            + " and encoded slashes");
  }
}
