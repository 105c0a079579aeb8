package io.claviger.gateway.request;

import io.claviger.domain.standards.GovernedHeaders;
import io.claviger.domain.standards.RequestHeader;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which of a caller's headers pass, by the list of an API standard. Made once for each list, since
 * every header of every call asks.
 */
public final class HeaderFilter {
  private static final Map<List<RequestHeader>, HeaderFilter> KNOWN = new ConcurrentHashMap<>();
  private static final int MOST_KNOWN = 1_000;

  private final AsciiString[][] namesByLength = new AsciiString[101][];
  private final AsciiString[] beginnings;

  private HeaderFilter(List<RequestHeader> listed) {
    List<AsciiString> open = new ArrayList<>();
    for (RequestHeader header : listed) {
      String value = header.value();
      if (value.endsWith("*")) {
        open.add(new AsciiString(value.substring(0, value.length() - 1)));
      } else if (mayPass(value)) {
        add(new AsciiString(value));
      }
    }
    beginnings = open.toArray(new AsciiString[0]);
  }

  public static HeaderFilter of(List<RequestHeader> listed) {
    HeaderFilter known = KNOWN.get(listed);
    if (known != null) {
      return known;
    }
    HeaderFilter made = new HeaderFilter(listed);
    if (KNOWN.size() < MOST_KNOWN) {
      KNOWN.put(listed, made);
    }
    return made;
  }

  public boolean passes(CharSequence name) {
    AsciiString[] sameLength = name.length() <= 100 ? namesByLength[name.length()] : null;
    if (sameLength != null) {
      for (AsciiString listed : sameLength) {
        if (listed.contentEqualsIgnoreCase(name)) {
          return true;
        }
      }
    }
    for (AsciiString beginning : beginnings) {
      if (AsciiString.regionMatches(name, true, 0, beginning, 0, beginning.length())) {
        // "x-*" covers more than whoever listed it may have thought of.
        return mayPass(name.toString());
      }
    }
    return false;
  }

  private void add(AsciiString name) {
    AsciiString[] before = namesByLength[name.length()];
    int count = before == null ? 0 : before.length;
    AsciiString[] after = new AsciiString[count + 1];
    if (before != null) {
      System.arraycopy(before, 0, after, 0, count);
    }
    after[count] = name;
    namesByLength[name.length()] = after;
  }

  /** Never the caller's token, whatever is listed, nor what HTTP or the gateway itself governs. */
  private static boolean mayPass(String name) {
    boolean content =
        name.equalsIgnoreCase("content-type"); // the length is the framing's, set anew
    return (content || !GovernedHeaders.governs(name))
        && CredentialReader.HEADERS.stream().noneMatch(c -> c.contentEqualsIgnoreCase(name));
  }
}
