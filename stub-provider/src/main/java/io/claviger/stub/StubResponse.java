package io.claviger.stub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** A response with a status, headers, and a body that fits into memory. */
final class StubResponse {
  private final int status;
  private final String contentType;
  private final byte[] body;
  private final List<RecordedRequest.Header> headers;

  private StubResponse(
      int status, String contentType, byte[] body, List<RecordedRequest.Header> headers) {
    this.status = status;
    this.contentType = contentType;
    this.body = body;
    this.headers = headers;
  }

  static StubResponse json(int status, String body) {
    return of(status, "application/json", body.getBytes(UTF_8));
  }

  static StubResponse of(int status, String contentType, byte[] body) {
    return new StubResponse(status, contentType, body, List.of());
  }

  StubResponse with(String name, String value) {
    List<RecordedRequest.Header> more = new ArrayList<>(headers);
    more.add(new RecordedRequest.Header(name, value));
    return new StubResponse(status, contentType, body, more);
  }

  /**
   * Returns the response with one text in the body replaced by another. The body need not contain
   * the text.
   */
  StubResponse replacing(String text, String other) {
    return body(new String(body, UTF_8).replace(text, other).getBytes(UTF_8));
  }

  StubResponse body(byte[] other) {
    return new StubResponse(status, contentType, other, headers);
  }

  int status() {
    return status;
  }

  String contentType() {
    return contentType;
  }

  byte[] body() {
    return body;
  }

  List<RecordedRequest.Header> headers() {
    return headers;
  }
}
