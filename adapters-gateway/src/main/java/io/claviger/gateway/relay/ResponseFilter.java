package io.claviger.gateway.relay;

import io.claviger.domain.standards.ResponseHeader;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.redact.Redactor;
import io.claviger.gateway.wire.HeadWriter;
import io.claviger.gateway.wire.HeaderNames;
import io.claviger.gateway.wire.NextHopHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the headers of a provider's answer for the caller: those that the API standard lists, and
 * the provider's request id under another name.
 */
final class ResponseFilter {
  /** The headers with a provider's request id. The most common header comes first. */
  private static final AsciiString[] REQUEST_IDS = {
    AsciiString.cached("x-request-id"),
    AsciiString.cached("request-id"),
    AsciiString.cached("x-amzn-requestid")
  };

  private static final AsciiString PROVIDER_REQUEST_ID =
      AsciiString.cached("X-Provider-Request-Id");

  private ResponseFilter() {}

  /**
   * @param passing the response headers that the API standard lists
   * @param rates whether the caller may see what remains of the account's rate limits. The
   *     remaining limits reveal how much other users call the provider
   */
  static void write(
      HttpHeaders headers,
      List<ResponseHeader> passing,
      boolean rates,
      Redactor redactor,
      HeadWriter head) {
    ListedHeaders listed = ListedHeaders.of(passing);
    NextHopHeaders nextHop = NextHopHeaders.of(headers);
    Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> header = all.next();
      CharSequence name = header.getKey();
      // The redactor also searches headers that are not forwarded, because the gateway asks it
      // later whether a secret was found anywhere. The usual header names are not searched, because
      // Claviger's code contains them, so they can't be secrets.
      boolean clean = ListedHeaders.isUsual(name) || !redactor.finds(name);
      String value = redactor.whole(header.getValue().toString());
      if (clean && listed.include(name, rates) && !nextHop.include(name)) {
        write(name, value, head);
      }
    }
    String providersId = requestId(headers);
    if (providersId != null) {
      head.header(PROVIDER_REQUEST_ID, redactor.whole(providersId));
    }
  }

  private static void write(CharSequence name, String value, HeadWriter head) {
    if (RetryAfter.isSaidBy(name)) {
      RetryAfter.passing(name, value).ifPresent(bounded -> head.header(name, bounded));
    } else {
      head.header(name, value);
    }
  }

  private static @Nullable String requestId(HttpHeaders headers) {
    for (AsciiString name : REQUEST_IDS) {
      String id = headers.get(name);
      if (id != null) {
        return id;
      }
    }
    return null;
  }

  /**
   * The response headers that an API standard lists, in a form that is fast to search. The list is
   * searched for every header of every answer.
   */
  private static final class ListedHeaders {
    private static final ListedHeaders COMMON =
        new ListedHeaders(WireFormat.USUAL.responseHeaders());

    private static volatile ListedHeaders last = COMMON;

    private final List<ResponseHeader> list;
    private final HeaderNames names;
    private final HeaderNames withoutRates;

    private ListedHeaders(List<ResponseHeader> list) {
      this(
          list,
          HeaderNames.of(list.stream().map(ResponseHeader::value).toList()),
          HeaderNames.of(
              list.stream()
                  .filter(header -> !header.tellsRates())
                  .map(ResponseHeader::value)
                  .toList()));
    }

    private ListedHeaders(List<ResponseHeader> list, HeaderNames names, HeaderNames withoutRates) {
      this.list = list;
      this.names = names;
      this.withoutRates = withoutRates;
    }

    static ListedHeaders of(List<ResponseHeader> list) {
      ListedHeaders before = last;
      if (before.isOf(list)) {
        return before;
      }
      ListedHeaders found =
          COMMON.list.equals(list)
              ? new ListedHeaders(list, COMMON.names, COMMON.withoutRates)
              : new ListedHeaders(list);
      last = found;
      return found;
    }

    @SuppressWarnings("ReferenceEquality") // an equal but different list is compared once, in of()
    private boolean isOf(List<ResponseHeader> other) {
      return list == other;
    }

    static boolean isUsual(CharSequence name) {
      return COMMON.names.contains(name);
    }

    boolean include(CharSequence name, boolean rates) {
      return (rates ? names : withoutRates).contains(name);
    }
  }
}
