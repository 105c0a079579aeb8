package io.claviger.gateway.relay;

import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.wire.HeadWriter;
import io.netty.util.AsciiString;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What every answer says about the call, as far as the caller may know it: which service, whose
 * key, and the request's id.
 */
final class CallHeaders {
  private static final AsciiString SERVICE = AsciiString.cached("X-Claviger-Service");
  private static final AsciiString KEY_SOURCE = AsciiString.cached("X-Claviger-Key-Source");
  private static final AsciiString REQUEST_ID = AsciiString.cached("X-Request-Id");
  private static final AsciiString ANTHROPIC_REQUEST_ID = AsciiString.cached("Request-Id");

  /** Whatever a provider answers, it must not act as a page of this host. */
  private static final AsciiString NO_PAGE =
      AsciiString.cached("X-Content-Type-Options: nosniff\r\nContent-Security-Policy: sandbox\r\n");

  private final String requestId;
  private final Supplier<WireFormat> look;
  private @Nullable WireFormat format;
  private @Nullable String service;
  private @Nullable KeySource source;

  /**
   * @param look of the request; asked only when nothing better is known in the end
   */
  CallHeaders(String requestId, Supplier<WireFormat> look) {
    this.requestId = requestId;
    this.look = look;
  }

  /** The caller is entitled to the service: from here on it may be named. */
  void entitled(String to, WireFormat itsFormat) {
    service = to;
    format = itsFormat;
  }

  void pays(KeySource whose) {
    source = whose;
  }

  WireFormat format() {
    WireFormat known = format == null ? look.get() : format;
    format = known;
    return known;
  }

  String requestId() {
    return requestId;
  }

  void write(HeadWriter head) {
    head.header(REQUEST_ID, requestId);
    if (format() == WireFormat.ANTHROPIC) {
      head.header(ANTHROPIC_REQUEST_ID, requestId); // where its SDKs look
    }
    if (service != null) {
      head.header(SERVICE, service);
    }
    if (source != null) {
      head.header(KEY_SOURCE, source.wireName());
    }
    head.text(NO_PAGE);
  }
}
