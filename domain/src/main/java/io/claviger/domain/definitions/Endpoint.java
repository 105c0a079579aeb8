package io.claviger.domain.definitions;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.AddressLiteral;
import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A provider's base URL, as users would give it to the provider's own SDK. The URL is stored in a
 * normal form, because keys are sealed to it. In this form, the scheme and the host are in lower
 * case, the host is in punycode without a trailing dot, and IPv6 addresses are written as in RFC
 * 5952. A default port and a trailing slash are left out.
 *
 * @param port the port to connect to; the scheme's default port if the URL states no port
 * @param path empty, or a path that begins with a slash and does not end in one
 */
public record Endpoint(String scheme, String host, int port, String path) {
  private static final int LONGEST = 2_048;
  private static final String EMBEDDINGS = "/embeddings";
  private static final Pattern URL =
      Pattern.compile(
          "(?<scheme>https?)://(?<host>\\[[0-9A-Fa-f:.]+\\]|[^/?#@:\\[\\]\\\\\\s]+)(?::(?<port>\\d{1,5}))?(?<path>/[^?#]*)?",
          Pattern.CASE_INSENSITIVE);
  // The pattern has a repeated character class, and not a repeated group: for a group,
  // java.util.regex recurses with each repetition, so the longest allowed path would overflow the
  // stack.
  private static final Pattern PATH = Pattern.compile("[/A-Za-z0-9._~!$&'()*+,;=:@%-]*");
  private static final Pattern NOT_NORMAL =
      Pattern.compile("//|/\\.{1,2}(?:/|$)|%(?![0-9A-Fa-f]{2})|%2[fF]|%5[cC]|%2[eE]|%00");
  private static final Pattern HOST =
      Pattern.compile(
          "[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*");
  private static final Pattern ENDS_IN_A_NUMBER =
      Pattern.compile("(?:.*\\.)?(?:[0-9]+|0x[0-9a-f]*)");
  private static final Pattern IPV4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");

  /**
   * @throws InvalidValue unless the text is an absolute http or https URL of at most 2,048
   *     characters. The URL must not have user info, a query or a fragment. The path must not have
   *     dot segments or encoded slashes. An IPv4 address must be four decimal numbers. Notations
   *     that only some resolvers accept are refused.
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
    Endpoint normal = new Endpoint(scheme, normalizeHost(parts.group("host")), port, path);
    if (normal.url().length() > LONGEST) {
      throw invalid();
    }
    return normal;
  }

  /**
   * Reads a base URL. The text may also be the URL of the embeddings operation, as clients of
   * dhamps-vdb write it. From such a URL, the operation is removed, because each call appends its
   * operation to the base URL.
   *
   * @throws InvalidValue as in {@link #of}
   */
  public static Endpoint ofBaseUrl(String url) {
    Endpoint whole = of(url);
    return whole.path.endsWith(EMBEDDINGS)
        ? new Endpoint(
            whole.scheme,
            whole.host,
            whole.port,
            whole.path.substring(0, whole.path.length() - EMBEDDINGS.length()))
        : whole;
  }

  /** Returns the URL in its normal form. */
  public String url() {
    return scheme + "://" + authority() + path;
  }

  /**
   * Returns the value of the {@code Host} header: the host, and the port unless it is the scheme's
   * default port.
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

  private static String normalizeHost(String host) {
    if (host.startsWith("[")) {
      return normalizeIpv6(host);
    }
    String ascii;
    try {
      ascii = IDN.toASCII(host).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw invalid();
    }
    String bare = ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
    boolean address = ENDS_IN_A_NUMBER.matcher(bare).matches();
    if (bare.length() > 253
        || !HOST.matcher(bare).matches()
        || (address && !IPV4.matcher(bare).matches())) {
      throw invalid();
    }
    return bare;
  }

  /**
   * Writes an IPv6 address as in RFC 5952, in brackets; a mapped IPv4 address is written in
   * decimal.
   */
  private static String normalizeIpv6(String bracketed) {
    byte[] address =
        AddressLiteral.parse(bracketed.substring(1, bracketed.length() - 1))
            .filter(literal -> bracketed.indexOf(':') >= 0)
            .orElseThrow(Endpoint::invalid)
            .getAddress();
    if (address.length == 4) {
      return "[::ffff:%s.%s.%s.%s]"
          .formatted(address[0] & 0xff, address[1] & 0xff, address[2] & 0xff, address[3] & 0xff);
    }
    List<String> groups = new ArrayList<>();
    for (int i = 0; i < 16; i += 2) {
      groups.add(Integer.toHexString((address[i] & 0xff) << 8 | (address[i + 1] & 0xff)));
    }
    return "[" + shorten(groups) + "]";
  }

  /**
   * Replaces the longest run of two or more zero groups by {@code ::}; if several runs are equally
   * long, the first of them is replaced.
   */
  private static String shorten(List<String> groups) {
    int at = 0;
    int longest = 1;
    for (int from = 0; from < groups.size(); from++) {
      int to = from;
      while (to < groups.size() && groups.get(to).equals("0")) {
        to++;
      }
      if (to - from > longest) {
        at = from;
        longest = to - from;
      }
    }
    return longest == 1
        ? String.join(":", groups)
        : String.join(":", groups.subList(0, at))
            + "::"
            + String.join(":", groups.subList(at + longest, groups.size()));
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
