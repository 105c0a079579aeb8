package io.claviger.gateway.relay;

import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallError;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Optional;

/** Decides which answers are not forwarded, and which errors replace them. */
public final class ResponsePolicy {
  private ResponsePolicy() {}

  /** Whether the head of the answer says that the provider rejected the key. */
  static boolean rejectsKey(HttpResponse head, WireFormat format) {
    return format.api().rejectsKey(head.status().code(), head.headers()::get);
  }

  /** Returns the error that replaces the answer; empty if the answer is forwarded. */
  public static Optional<CallError> errorInstead(HttpResponse head, WireFormat format) {
    int status = head.status().code();
    if (rejectsKey(head, format)) {
      return Optional.of(CallError.PROVIDER_REJECTED_KEY);
    }
    if (status >= 300 && status < 400) {
      return Optional.of(CallError.PROVIDER_REDIRECTED);
    }
    boolean usable =
        status >= 200
            && status < 600
            && isHttp1(head.protocolVersion())
            && isPlain(head.headers(), HttpHeaderNames.CONTENT_ENCODING, "identity")
            && isPlain(head.headers(), HttpHeaderNames.TRANSFER_ENCODING, "chunked")
            && isFramedOnce(head.headers());
    return usable ? Optional.empty() : Optional.of(CallError.PROVIDER_ANSWER_UNUSABLE);
  }

  /**
   * Whether the body of the answer is needed to find out if the provider rejected the key, because
   * the status alone does not show this.
   */
  public static boolean dependsOnBody(HttpResponse head, WireFormat format) {
    return format.api().mayRejectKey(head.status().code());
  }

  private static boolean isHttp1(HttpVersion version) {
    return version.majorVersion() == 1;
  }

  private static boolean isPlain(HttpHeaders headers, CharSequence name, String only) {
    if (!headers.contains(name)) {
      return true;
    }
    List<String> codings = headers.getAll(name);
    return codings.size() == 1 && codings.get(0).equalsIgnoreCase(only);
  }

  private static boolean isFramedOnce(HttpHeaders headers) {
    return !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
        || !headers.contains(HttpHeaderNames.CONTENT_LENGTH);
  }
}
