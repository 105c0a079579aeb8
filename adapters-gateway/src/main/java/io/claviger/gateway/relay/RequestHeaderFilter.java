package io.claviger.gateway.relay;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.claviger.domain.standards.GovernedHeaders;
import io.claviger.domain.standards.RequestHeader;
import io.claviger.gateway.head.CredentialReader;
import io.claviger.gateway.wire.HeaderNames;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides which headers of a caller are forwarded, according to the list of an API standard. Each
 * list has one filter, which is kept because it is used for every header of every call.
 */
final class RequestHeaderFilter {
  /**
   * The largest total weight of the kept filters. A filter's weight depends on the characters and
   * entries of its list.
   */
  private static final int MOST_KNOWN = 1_000_000;

  private static final Cache<List<RequestHeader>, RequestHeaderFilter> KNOWN =
      Caffeine.newBuilder()
          .maximumWeight(MOST_KNOWN)
          .weigher((List<RequestHeader> listed, RequestHeaderFilter filter) -> weight(listed))
          .executor(Runnable::run)
          .build();

  /**
   * This header is always forwarded, because the provider can't read an encoded body without it.
   */
  private static final AsciiString CONTENT_ENCODING = AsciiString.cached("content-encoding");

  /**
   * The filter that was used last. Successive calls mostly have the same list object, and comparing
   * objects is cheaper than comparing lists.
   */
  private static volatile Last last = new Last(List.of(), new RequestHeaderFilter(List.of()));

  private final HeaderNames names;

  /** The listed headers whose values are names that callers choose. */
  private final HeaderNames chosen;

  private final AsciiString[] beginnings;

  private RequestHeaderFilter(List<RequestHeader> listed) {
    List<AsciiString> whole = new ArrayList<>();
    whole.add(CONTENT_ENCODING);
    List<AsciiString> open = new ArrayList<>();
    for (RequestHeader header : listed) {
      String value = header.value();
      if (value.endsWith("*")) {
        open.add(new AsciiString(value.substring(0, value.length() - 1)));
      } else if (mayPass(value)) {
        whole.add(new AsciiString(value));
      }
    }
    names = HeaderNames.of(whole);
    chosen = HeaderNames.of(whole.stream().filter(RequestHeader::hasChosenName).toList());
    beginnings = open.toArray(new AsciiString[0]);
  }

  private record Last(List<RequestHeader> listed, RequestHeaderFilter filter) {}

  @SuppressWarnings("ReferenceEquality") // an equal but different list is found below
  static RequestHeaderFilter of(List<RequestHeader> listed) {
    Last before = last;
    if (before.listed() == listed) {
      return before.filter();
    }
    RequestHeaderFilter found = find(listed);
    last = new Last(listed, found);
    return found;
  }

  private static RequestHeaderFilter find(List<RequestHeader> listed) {
    return KNOWN.get(listed, RequestHeaderFilter::new);
  }

  /**
   * Returns the weight of a list of headers. Each header counts twice, because it is in the list
   * and in the filter.
   */
  private static int weight(List<RequestHeader> listed) {
    int weight = 200;
    for (RequestHeader header : listed) {
      weight += 200 + 2 * header.value().length();
    }
    return weight;
  }

  boolean passes(CharSequence name) {
    if (names.contains(name)) {
      return true;
    }
    for (AsciiString beginning : beginnings) {
      if (AsciiString.regionMatches(name, true, 0, beginning, 0, beginning.length())) {
        // "x-*" might match more headers than the author of the list had in mind.
        String listed = name.toString();
        return mayPass(listed) && !RequestHeader.needsFullName(listed);
      }
    }
    return false;
  }

  /**
   * Whether a forwarded header names a session or a call. The gateway has to make the values of
   * such a header different for different callers.
   */
  boolean hasChosenName(CharSequence name) {
    return names.contains(name) ? chosen.contains(name) : RequestHeader.hasChosenName(name);
  }

  /**
   * Whether a header may be forwarded if it is listed. Headers with the caller's token, and headers
   * that HTTP or the gateway sets, may never be forwarded.
   */
  private static boolean mayPass(String name) {
    boolean content =
        name.equalsIgnoreCase("content-type"); // content-length is set with the framing
    return (content || !GovernedHeaders.governs(name))
        && CredentialReader.HEADERS.stream().noneMatch(c -> c.contentEqualsIgnoreCase(name));
  }
}
