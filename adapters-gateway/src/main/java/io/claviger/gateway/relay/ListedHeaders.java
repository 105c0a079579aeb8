package io.claviger.gateway.relay;

import io.claviger.domain.standards.ResponseHeader;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.standards.WithheldHeaders;
import io.claviger.gateway.wire.HeaderNames;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;

/**
 * The response headers that an API standard lists. Every header of every answer is looked up here.
 */
final class ListedHeaders {
  private static final ListedHeaders COMMON =
      new ListedHeaders(WireFormat.OPENAI.responseHeaders());

  /** Successive calls mostly have the same list. */
  private static volatile ListedHeaders last = COMMON;

  private final List<ResponseHeader> list;
  private final HeaderNames names;
  private final List<Open> open;

  /** A name with an asterisk in it. */
  private record Open(AsciiString beginning, AsciiString ending) {
    boolean matches(CharSequence name) {
      return name.length() >= beginning.length() + ending.length()
          && AsciiString.regionMatches(name, true, 0, beginning, 0, beginning.length())
          && AsciiString.regionMatches(
              name, true, name.length() - ending.length(), ending, 0, ending.length());
    }
  }

  private ListedHeaders(List<ResponseHeader> list) {
    List<String> whole = new ArrayList<>();
    List<Open> starred = new ArrayList<>();
    for (ResponseHeader header : list) {
      String value = header.value();
      int star = value.indexOf('*');
      if (star < 0) {
        whole.add(value);
      } else {
        starred.add(
            new Open(
                new AsciiString(value.substring(0, star)),
                new AsciiString(value.substring(star + 1))));
      }
    }
    this.list = list;
    this.names = HeaderNames.of(whole);
    this.open = List.copyOf(starred);
  }

  static ListedHeaders of(List<ResponseHeader> list) {
    ListedHeaders before = last;
    if (before.isOf(list)) {
      return before;
    }
    ListedHeaders found = COMMON.list.equals(list) ? COMMON : new ListedHeaders(list);
    last = found;
    return found;
  }

  @SuppressWarnings("ReferenceEquality") // an equal list that is another one is compared once
  private boolean isOf(List<ResponseHeader> other) {
    return list == other;
  }

  boolean include(CharSequence name) {
    if (names.contains(name)) {
      return true;
    }
    for (Open each : open) {
      if (each.matches(name)) {
        return !WithheldHeaders.withholds(name.toString());
      }
    }
    return false;
  }
}
