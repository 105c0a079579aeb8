package io.claviger.stub;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import java.util.Arrays;
import java.util.List;

/**
 * A request that is arriving: its head, the first part of its body, and the length of the whole
 * body.
 */
final class IncomingRequest {
  /**
   * How many bytes of a body are kept, for the recordings and to find its fields. The rest is only
   * counted.
   */
  static final int KEPT = 1 << 20;

  private static final byte[] NOTHING = {};

  private final HttpRequest head;
  private byte[] kept = NOTHING;
  private int keptLength;
  private long total;
  private boolean ended;

  IncomingRequest(HttpRequest head) {
    this.head = head;
  }

  void add(ByteBuf content) {
    int arrived = content.readableBytes();
    int keep = Math.min(arrived, KEPT - keptLength);
    if (keep > 0) {
      makeRoomFor(keptLength + keep);
      content.getBytes(content.readerIndex(), kept, keptLength, keep);
      keptLength += keep;
    }
    total += arrived;
  }

  private void makeRoomFor(int length) {
    if (length > kept.length) {
      // The array for the first part has exactly its length, because most bodies arrive in one
      // part. After that the size doubles.
      kept = Arrays.copyOf(kept, keptLength == 0 ? length : Math.min(KEPT, length * 2));
    }
  }

  HttpRequest head() {
    return head;
  }

  int keptLength() {
    return keptLength;
  }

  void end() {
    ended = true;
  }

  /** Whether the whole body is kept. */
  boolean isWhole() {
    return ended && keptLength == total;
  }

  BodyFields fields() {
    return BodyFields.of(head.headers().get("content-type"), kept, keptLength);
  }

  /** Returns what the prompt tells the stub to do, from the part of the body that has arrived. */
  Script script() {
    return Script.of(kept, keptLength);
  }

  RecordedRequest recorded(boolean complete) {
    List<RecordedRequest.Header> headers =
        head.headers().entries().stream()
            .map(line -> new RecordedRequest.Header(line.getKey(), line.getValue()))
            .toList();
    return new RecordedRequest(
        head.method().name(),
        head.uri(),
        headers,
        Arrays.copyOf(kept, keptLength),
        total,
        complete);
  }
}
