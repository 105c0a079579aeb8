package io.claviger.gateway.in;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.gateway.head.RememberedRequest;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DefaultHeaders;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The last decoded and accepted head of a connection. If a later head equals the last head, the
 * later head need not be decoded. Heads are equal if all their bytes are the same, except for the
 * digits of {@code Content-Length}. A head is never remembered if a transfer coding, an upgrade, an
 * expectation or a similar field decides how to read the following bytes.
 *
 * <p>A connection remembers at most one head, of at most 1.5 KiB, until it is closed. If the heads
 * of a connection keep changing, the connection stops remembering heads. Only used on one event
 * loop.
 */
final class LastHead {
  static final int MOST_BYTES = 3 << 9;
  static final int MOST_FIELDS = 32;

  /** After this many different heads in a row, the connection stops comparing heads. */
  static final int MOST_MISSES = 8;

  /** The decoder accepts every length with at most this many digits. */
  private static final int MOST_DIGITS = 9;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private static final byte[] LENGTH = "\ncontent-length:".getBytes(US_ASCII);

  private static final List<AsciiString> NEVER =
      List.of(
          HttpHeaderNames.TRANSFER_ENCODING,
          HttpHeaderNames.UPGRADE,
          HttpHeaderNames.EXPECT,
          HttpHeaderNames.SEC_WEBSOCKET_KEY);

  private record Decoded(
      HttpVersion version,
      HttpMethod method,
      String uri,
      HttpHeaders headers,
      RememberedRequest.Readings readings) {
    RememberedRequest request(HttpHeaders stated) {
      return new RememberedRequest(version, method, uri, stated, readings);
    }
  }

  /**
   * Immutable header fields, which later requests with an equal head share. Unlike Netty's own
   * read-only fields, they support searches in lists such as {@code x, close}.
   */
  private static final class Fields extends DefaultHttpHeaders {
    private Fields(HttpHeaders of, @Nullable String length, Seal seal) {
      super(seal, value -> {});
      Iterator<Map.Entry<CharSequence, CharSequence>> all = of.iteratorCharSequence();
      while (all.hasNext()) {
        Map.Entry<CharSequence, CharSequence> field = all.next();
        CharSequence name = field.getKey();
        HttpHeaders unused =
            length == null || !HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(name)
                ? add(name, (Object) field.getValue())
                : add(name, (Object) length);
      }
      seal.closed = true;
    }

    static HttpHeaders of(HttpHeaders decoded) {
      return new Fields(decoded, null, new Seal());
    }

    /** Returns the same fields in the same order, with another length of the body. */
    static HttpHeaders of(HttpHeaders decoded, String length) {
      return new Fields(decoded, length, new Seal());
    }

    @Override
    public HttpHeaders copy() {
      return new DefaultHttpHeaders().add(this);
    }

    // Netty's versions of these methods remove existing fields before they check any new name.
    @Override
    public HttpHeaders set(HttpHeaders other) {
      throw Seal.broken();
    }

    @Override
    public HttpHeaders set(String name, Iterable<?> values) {
      throw Seal.broken();
    }

    @Override
    public HttpHeaders set(CharSequence name, Iterable<?> values) {
      throw Seal.broken();
    }

    @Override
    public HttpHeaders remove(String name) {
      throw Seal.broken();
    }

    @Override
    public HttpHeaders remove(CharSequence name) {
      throw Seal.broken();
    }

    @Override
    public HttpHeaders clear() {
      throw Seal.broken();
    }
  }

  /** Refuses changes: Netty calls this method before a field is added or set. */
  private static final class Seal implements DefaultHeaders.NameValidator<CharSequence> {
    private boolean closed;

    @Override
    public void validateName(CharSequence name) {
      if (closed) {
        throw broken();
      }
    }

    static UnsupportedOperationException broken() {
      return new UnsupportedOperationException("a remembered head does not change");
    }
  }

  private byte[] bytes = {};
  private int size;

  /**
   * The positions before and after the digits of the body's length; both equal the size of the head
   * if the head states no length.
   */
  private int digits;

  private int afterDigits;
  private @Nullable Decoded decoded;
  private int misses;

  /**
   * Returns a request for a head that equals the last head; null if the heads differ. If the result
   * is null, the new head has to be decoded.
   *
   * @param in begins with the head; it is not changed
   * @param length the length of the new head in bytes
   */
  @Nullable RememberedRequest find(ByteBuf in, int length) {
    Decoded last = decoded;
    if (last == null) {
      return null;
    }
    int from = in.readerIndex();
    int count = length - (size - (afterDigits - digits));
    boolean fits =
        digits == size ? count == 0 : count > 0 && count <= MOST_DIGITS && isNumber(in, count);
    if (!fits
        || !isEqual(in, from, 0, digits)
        || !isEqual(in, from + digits + count, afterDigits, size)) {
      misses++;
      return null;
    }
    misses = 0;
    if (count != afterDigits - digits || !isEqual(in, from + digits, digits, afterDigits)) {
      String other = in.toString(from + digits, count, US_ASCII);
      return last.request(Fields.of(last.headers(), other));
    }
    return last.request(last.headers());
  }

  /** Whether all parsers read the digits of the content length as the same number. */
  private boolean isNumber(ByteBuf in, int count) {
    int from = in.readerIndex() + digits;
    for (int i = from; i < from + count; i++) {
      byte digit = in.getByte(i);
      if (digit < '0' || digit > '9') {
        return false;
      }
    }
    return count == 1 || in.getByte(from) != '0';
  }

  private boolean isEqual(ByteBuf in, int at, int from, int to) {
    if (in.hasArray()) {
      int begin = in.arrayOffset() + at;
      return Arrays.equals(in.array(), begin, begin + to - from, bytes, from, to);
    }
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      if (in.getLong(at + i - from) != longAt(i)) {
        return false;
      }
    }
    for (; i < to; i++) {
      if (in.getByte(at + i - from) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private long longAt(int at) {
    return (long) LONGS.get(bytes, at);
  }

  /**
   * Remembers a head that was just decoded, in place of the previously remembered head. Does
   * nothing if the gateway must not reuse such a head.
   *
   * @param in the bytes that contain the head, which begins at {@code from}
   * @return the request to use for this head, and for later heads that equal it
   */
  HttpRequest keep(ByteBuf in, int from, int length, HttpRequest request) {
    if (misses >= MOST_MISSES || length > MOST_BYTES || !isPlain(request)) {
      forget();
      return request;
    }
    if (bytes.length < length) {
      wipe();
      bytes = new byte[length];
    }
    in.getBytes(from, bytes, 0, length);
    size = length;
    if (!findDigits(request.headers().contains(HttpHeaderNames.CONTENT_LENGTH))) {
      forget();
      return request;
    }
    Decoded known =
        new Decoded(
            request.protocolVersion(),
            request.method(),
            request.uri(),
            Fields.of(request.headers()),
            new RememberedRequest.Readings());
    decoded = known;
    return known.request(known.headers());
  }

  private static boolean isPlain(HttpRequest request) {
    return request.headers().size() <= MOST_FIELDS
        && NEVER.stream().noneMatch(request.headers()::contains);
  }

  /**
   * Finds the digits in the one header field that states the length of the body.
   *
   * @return false if the field has an unusual form
   */
  private boolean findDigits(boolean stated) {
    digits = size;
    afterDigits = size;
    if (!stated) {
      return true;
    }
    int found = -1;
    for (int i = 0; i + LENGTH.length < size; i++) {
      if (bytes[i] == '\n' && isLength(i)) {
        if (found >= 0) {
          return false;
        }
        found = i + LENGTH.length;
      }
    }
    if (found < 0) {
      return false;
    }
    int begin = bytes[found] == ' ' ? found + 1 : found;
    int end = begin;
    while (bytes[end] >= '0' && bytes[end] <= '9') {
      end++;
    }
    if (end == begin
        || end - begin > MOST_DIGITS
        || (bytes[begin] == '0' && end - begin > 1)
        || bytes[end] != '\r') {
      return false;
    }
    digits = begin;
    afterDigits = end;
    return true;
  }

  private boolean isLength(int at) {
    for (int i = 0; i < LENGTH.length; i++) {
      byte b = bytes[at + i];
      if ((b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b) != LENGTH[i]) {
        return false;
      }
    }
    return true;
  }

  /** Forgets the head and erases its bytes, because the head contains an access token. */
  void forget() {
    wipe();
    size = 0;
    decoded = null;
  }

  private void wipe() {
    Arrays.fill(bytes, (byte) 0);
  }
}
