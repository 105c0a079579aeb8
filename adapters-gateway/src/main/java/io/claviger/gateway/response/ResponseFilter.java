package io.claviger.gateway.response;

import io.claviger.gateway.redaction.Redactor;
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
 * Which of a provider's headers come back, and how. Left out are those of one hop, those that name
 * the account, that would steer the caller elsewhere, or that are the gateway's own to say.
 */
public final class ResponseFilter {
  private static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");
  private static final AsciiString PLAIN_REQUEST_ID = AsciiString.cached("request-id");
  private static final AsciiString PROVIDER_REQUEST_ID =
      AsciiString.cached("X-Provider-Request-Id");

  private static final AsciiString CORS = AsciiString.cached("access-control-");
  private static final AsciiString OWN = AsciiString.cached("x-claviger-");

  private static final HeaderNames LEFT_OUT =
      HeaderNames.of(
          List.of(
              "connection",
              "keep-alive",
              "proxy-connection",
              "proxy-authenticate",
              "proxy-authentication-info",
              "proxy-authorization",
              "te",
              "trailer",
              "transfer-encoding",
              "upgrade",
              "set-cookie",
              "set-cookie2",
              "openai-organization",
              "openai-project",
              "alt-svc",
              "refresh",
              "location",
              "content-length",
              "content-encoding",
              "content-security-policy",
              "x-content-type-options",
              "x-request-id",
              "request-id",
              "x-provider-request-id"));

  private ResponseFilter() {}

  public static void write(HttpHeaders headers, Redactor redactor, HeadWriter head) {
    NextHopHeaders nextHop = NextHopHeaders.of(headers);
    Iterator<Map.Entry<CharSequence, CharSequence>> all = headers.iteratorCharSequence();
    while (all.hasNext()) {
      Map.Entry<CharSequence, CharSequence> header = all.next();
      CharSequence name = header.getKey();
      // All are searched, passing or not: who asks the redactor later learns what was found.
      boolean clean = !redactor.finds(name);
      String value = redactor.whole(header.getValue().toString());
      if (clean && passes(name) && !nextHop.include(name)) {
        head.header(name, value);
      }
    }
    String providersId = requestId(headers);
    if (providersId != null) {
      head.header(PROVIDER_REQUEST_ID, redactor.whole(providersId));
    }
  }

  private static @Nullable String requestId(HttpHeaders headers) {
    String id = headers.get(REQUEST_ID);
    return id != null ? id : headers.get(PLAIN_REQUEST_ID);
  }

  private static boolean passes(CharSequence name) {
    return !LEFT_OUT.contains(name) && !beginsWith(name, CORS) && !beginsWith(name, OWN);
  }

  private static boolean beginsWith(CharSequence name, AsciiString beginning) {
    return AsciiString.regionMatches(name, true, 0, beginning, 0, beginning.length());
  }
}
