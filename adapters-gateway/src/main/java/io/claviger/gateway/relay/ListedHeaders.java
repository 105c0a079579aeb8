package io.claviger.gateway.relay;

import io.claviger.domain.standards.ResponseHeader;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.wire.HeaderNames;
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

  private ListedHeaders(List<ResponseHeader> list) {
    this.list = list;
    this.names = HeaderNames.of(list.stream().map(ResponseHeader::value).toList());
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
    return names.contains(name);
  }
}
