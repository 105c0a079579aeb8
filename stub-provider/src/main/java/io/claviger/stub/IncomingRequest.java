package io.claviger.stub;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An arriving request: its head, the first bytes of its body, and the body's total length. */
final class IncomingRequest {
  /**
   * The number of bytes of a body that are kept in memory, to record the body and to find its
   * fields. Further bytes are only counted.
   */
  static final int KEPT = 1 << 20;

  /**
   * The number of bytes that are kept if the body becomes a file or contains the requests of a
   * batch.
   */
  private static final int KEPT_FILE = 16 << 20;

  private static final Pattern FILE_NAME =
      Pattern.compile("(?:filename=\"|\"(?:display_?[nN]ame|name)\":\\s*\")(stub-[\\w.-]+)\"");

  private static final Pattern FILES =
      Pattern.compile(
          ".*/(?:files|parts|messages/batches|[^/]*:batchGenerateContent)(?:\\?.*)?"
              + "|.*/upload/.*|.*[?&]upload_id=.*");

  private static final byte[] NOTHING = {};

  private final HttpRequest head;
  private final int most;
  private byte[] kept = NOTHING;
  private int keptLength;
  private long total;
  private boolean ended;

  IncomingRequest(HttpRequest head) {
    this.head = head;
    this.most = FILES.matcher(head.uri()).matches() ? KEPT_FILE : KEPT;
  }

  /** Creates a request that has arrived completely. */
  static IncomingRequest of(String method, String uri, HttpHeaders headers, byte[] body) {
    IncomingRequest request =
        new IncomingRequest(
            new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.valueOf(method), uri, headers));
    request.kept = body;
    request.keptLength = body.length;
    request.total = body.length;
    request.ended = true;
    return request;
  }

  IncomingRequest withBody(byte[] body) {
    return of(head.method().name(), head.uri(), head.headers(), body);
  }

  void add(ByteBuf content) {
    int arrived = content.readableBytes();
    int keep = Math.min(arrived, most - keptLength);
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
      // part. For further parts, the size of the array doubles.
      kept = Arrays.copyOf(kept, keptLength == 0 ? length : Math.min(most, length * 2));
    }
  }

  HttpRequest head() {
    return head;
  }

  int keptLength() {
    return keptLength;
  }

  /** Returns the array with the body. The array can be longer than {@link #keptLength}. */
  byte[] kept() {
    return kept;
  }

  /** Returns the number of bytes at the body's end that were not kept in memory. */
  long lostLength() {
    return total - keptLength;
  }

  /** Returns the name of the file in a form, or of an announced upload; null if there is none. */
  @Nullable String fileName() {
    String start = new String(kept, 0, Math.min(keptLength, 1 << 12), UTF_8);
    Matcher name = FILE_NAME.matcher(start);
    return name.find() ? name.group(1) : null;
  }

  /** Whether an ASCII text occurs anywhere in the body. */
  boolean mentions(String text) {
    return Script.holds(kept, keptLength, text.getBytes(US_ASCII));
  }

  void end() {
    ended = true;
  }

  /** Whether the whole body was kept in memory. */
  boolean isWhole() {
    return ended && keptLength == total;
  }

  BodyFields fields() {
    return BodyFields.of(head.headers().get("content-type"), kept, keptLength);
  }

  /** Returns the prompt's instructions to the stub, as far as the prompt has arrived. */
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
        Arrays.copyOf(kept, Math.min(keptLength, KEPT)),
        total,
        complete);
  }
}
