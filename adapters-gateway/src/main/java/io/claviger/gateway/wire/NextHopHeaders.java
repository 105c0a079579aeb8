package io.claviger.gateway.wire;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The headers that the header {@code Connection} names. The named headers are only for the next
 * recipient on the way (RFC 9110, 7.6.1). A header that describes the body is for all recipients,
 * so it is never treated as one of these headers, even if {@code Connection} names it. The gateway
 * needs the headers that describe a body in order to read the body, so the provider has to get them
 * too.
 */
public final class NextHopHeaders {
  private static final String OF_BODY = "content-";
  private static final NextHopHeaders NONE = new NextHopHeaders(Set.of());

  /** The names in lower case, as a set, because one head can have thousands of names. */
  private final Set<String> names;

  private NextHopHeaders(Set<String> names) {
    this.names = names;
  }

  public static NextHopHeaders of(HttpHeaders headers) {
    if (!headers.contains(HttpHeaderNames.CONNECTION)) {
      return NONE;
    }
    Set<String> names = new HashSet<>();
    for (String value : headers.getAll(HttpHeaderNames.CONNECTION)) {
      if (!value.equalsIgnoreCase("keep-alive") && !value.equalsIgnoreCase("close")) {
        for (String part : value.split(",")) {
          String name = part.strip().toLowerCase(Locale.ROOT);
          if (!name.startsWith(OF_BODY)) {
            names.add(name);
          }
        }
      }
    }
    return names.isEmpty() ? NONE : new NextHopHeaders(names);
  }

  public boolean include(CharSequence name) {
    return !names.isEmpty() && names.contains(name.toString().toLowerCase(Locale.ROOT));
  }
}
