package io.claviger.stub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A received request. A request is recorded after its body has ended, or after its connection has
 * closed.
 */
public final class RecordedRequest {

  /** A header line. The case of the letters in the name is kept. */
  public record Header(String name, String value) {}

  private final String method;
  private final String uri;
  private final List<Header> headers;
  private final byte[] body;
  private final long bodyBytes;
  private final boolean complete;

  RecordedRequest(
      String method,
      String uri,
      List<Header> headers,
      byte[] body,
      long bodyBytes,
      boolean complete) {
    this.method = method;
    this.uri = uri;
    this.headers = List.copyOf(headers);
    this.body = body;
    this.bodyBytes = bodyBytes;
    this.complete = complete;
  }

  public String method() {
    return method;
  }

  /** The request target as it was sent: the path and the query, not decoded. */
  public String uri() {
    return uri;
  }

  /** All header lines in the order in which they were received, including repeated ones. */
  public List<Header> headers() {
    return headers;
  }

  /**
   * The values of all header lines with the given name, in their order. The case of letters in the
   * name is ignored.
   */
  public List<String> headers(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .toList();
  }

  /**
   * Returns the value of the first header line with the given name; null if there is no such line.
   */
  public @Nullable String header(String name) {
    List<String> values = headers(name);
    return values.isEmpty() ? null : values.get(0);
  }

  /** The first mebibyte of the body; less if the body is shorter. */
  public byte[] body() {
    return body.clone();
  }

  /** Returns the first mebibyte of the body, decoded as UTF-8. */
  public String text() {
    return new String(body, UTF_8);
  }

  /** Returns the length of the whole body in bytes. Only the first part of a long body is kept. */
  public long bodyBytes() {
    return bodyBytes;
  }

  /** Whether the whole body arrived; false if the connection ended before the body was complete. */
  public boolean complete() {
    return complete;
  }

  @Override
  public String toString() {
    return method + " " + uri + " (" + bodyBytes + " bytes)";
  }
}
