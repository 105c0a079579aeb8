package io.claviger.gateway.head;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.instances.WebOrigins;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The origins of web pages whose scripts may call the gateway (CORS). Browsers hide the gateway's
 * answers from the scripts of all other pages. Scripts send an access token like all other callers.
 * The gateway uses no cookies, and never permits credentials that browsers add automatically.
 *
 * @param origins the origins as browsers write them, such as {@code https://app.example.org}
 */
public record AllowedOrigins(Set<String> origins) {
  public static final AllowedOrigins NONE = new AllowedOrigins(Set.of());

  private static final Pattern HEADER_NAMES = Pattern.compile("[\\w!#$%&'*+.^`|~, -]*");

  public AllowedOrigins {
    origins = Set.copyOf(origins);
  }

  /**
   * @param list the origins, each complete with scheme and host; patterns are not accepted
   * @throws InvalidValue if an origin is not written as browsers write it
   */
  public static AllowedOrigins of(Collection<String> list) {
    for (String origin : list) {
      if (!WebOrigins.isOrigin(origin)) {
        throw new InvalidValue(
            "allowed_origins",
            origin
                + " is not an origin as browsers write it: a scheme, a host and any port but the"
                + " usual one, in lower case and without a slash at the end, such as"
                + " https://app.example.org or http://localhost:5173");
      }
    }
    return new AllowedOrigins(Set.copyOf(list));
  }

  /**
   * Whether the request is a preflight, with which a browser asks whether a script may send its
   * request (Fetch standard, 3.3.2).
   */
  public static boolean isPreflight(HttpRequest request) {
    return request.method().equals(HttpMethod.OPTIONS)
        && request.headers().contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD)
        && request.headers().contains(HttpHeaderNames.ORIGIN);
  }

  /** Whether the request has exactly one {@code Origin} header, and the list contains its value. */
  public boolean include(HttpRequest request) {
    if (origins.isEmpty()) {
      return false;
    }
    List<String> said = request.headers().getAll(HttpHeaderNames.ORIGIN);
    return said.size() == 1 && origins.contains(said.get(0));
  }

  /**
   * Returns the header lines that permit a browser to show the answer to the script. The result is
   * empty if the script may not read the answer.
   */
  public String permission(HttpRequest request) {
    if (!include(request)) {
      return "";
    }
    HttpHeaders headers = request.headers();
    String permission =
        "Access-Control-Allow-Origin: %s\r\nAccess-Control-Expose-Headers: *\r\nVary: Origin\r\n"
            .formatted(headers.get(HttpHeaderNames.ORIGIN));
    String names = headers.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS, "");
    return isPreflight(request) && HEADER_NAMES.matcher(names).matches()
        ? permission
            + "Access-Control-Allow-Methods: GET, HEAD, POST, PUT, PATCH, DELETE\r\n"
            + "Access-Control-Allow-Headers: %s\r\nAccess-Control-Max-Age: 600\r\n".formatted(names)
        : permission;
  }
}
