package io.claviger.gateway.wire;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;

/** The headers that {@code Connection} names: meant for the next hop only (RFC 9110, 7.6.1). */
public final class NextHopHeaders {
  private static final NextHopHeaders NONE = new NextHopHeaders(List.of());

  private final List<String> names;

  private NextHopHeaders(List<String> names) {
    this.names = names;
  }

  public static NextHopHeaders of(HttpHeaders headers) {
    if (!headers.contains(HttpHeaderNames.CONNECTION)) {
      return NONE;
    }
    List<String> names = List.of();
    for (String value : headers.getAll(HttpHeaderNames.CONNECTION)) {
      if (!value.equalsIgnoreCase("keep-alive") && !value.equalsIgnoreCase("close")) {
        names = names.isEmpty() ? new ArrayList<>() : names;
        for (String name : value.split(",")) {
          names.add(name.strip());
        }
      }
    }
    return names.isEmpty() ? NONE : new NextHopHeaders(names);
  }

  public boolean include(CharSequence name) {
    for (String named : names) {
      if (AsciiString.contentEqualsIgnoreCase(named, name)) {
        return true;
      }
    }
    return false;
  }
}
