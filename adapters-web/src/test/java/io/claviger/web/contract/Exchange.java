package io.claviger.web.contract;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What went over the wire, as far as the contract speaks of it.
 *
 * @param path as requested; a query does not count
 * @param headers of the answer, their names in any case
 * @param body of the answer, empty when there was none
 */
public record Exchange(
    String method, String path, int status, Map<String, List<String>> headers, String body) {
  public Exchange {
    method = method.toUpperCase(Locale.ROOT);
    int query = path.indexOf('?');
    path = query < 0 ? path : path.substring(0, query);
    TreeMap<String, List<String>> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    anyCase.putAll(headers);
    headers = anyCase;
  }

  /** An answer of the JDK's client, with the request that it was given to. */
  public static Exchange of(HttpResponse<String> response) {
    return new Exchange(
        response.request().method(),
        response.request().uri().getRawPath(),
        response.statusCode(),
        response.headers().map(),
        response.body());
  }

  /** The values of a header as one, as RFC 9110, 5.2 joins them. */
  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name)).map(values -> String.join(", ", values));
  }

  /** The media type in lower case, without parameters; empty when there is none. */
  Optional<String> mediaType() {
    return header("Content-Type").map(t -> t.split(";", 2)[0].strip().toLowerCase(Locale.ROOT));
  }
}
