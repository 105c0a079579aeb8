package io.claviger.gateway.in;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.gateway.head.BodyLength;
import io.claviger.gateway.head.RememberedRequest;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DefaultHeaders;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AsciiString;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The heads that a connection has decoded and accepted recently. If a later head equals one of
 * them, the later head need not be decoded. Heads are equal if all their bytes are the same, except
 * for the digits of {@code Content-Length}. A head is never remembered if a transfer coding, an
 * upgrade, an expectation or a similar field decides how to read the following bytes.
 *
 * <p>A program usually sends the same head with all its requests. A proxy in front of the gateway
 * sends the heads of several programs on one connection. So a connection remembers up to {@link
 * #MOST_HEADS} heads, each of at most 1.5 KiB and together of at most 3 KiB, until it is closed. If
 * the heads of a connection keep changing, the connection stops remembering heads. Only used on one
 * event loop.
 */
final class RememberedHeads {
  static final int MOST_HEADS = 4;
  static final int MOST_BYTES = 3 << 9;
  static final int MOST_BYTES_IN_ALL = 2 * MOST_BYTES;
  static final int MOST_FIELDS = 32;

  /** The number of unknown heads in a row after which the connection stops remembering heads. */
  static final int MOST_MISSES = 8;

  /** The decoder accepts every body length that has at most this many digits. */
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
      return new UnsupportedOperationException("a remembered head can't be changed");
    }
  }

  /** The bytes of a head, and what they mean. */
  private static final class Head {
    private final byte[] bytes;

    /**
     * The positions before and after the digits of the body's length; both equal the number of
     * bytes if the head states no length.
     */
    private final int digits;

    private final int afterDigits;
    private final HttpRequest decoded;
    private final HttpHeaders fields;
    private final BodyLength length;
    private final RememberedRequest.Readings readings = new RememberedRequest.Readings();

    private Head(byte[] bytes, int digits, int afterDigits, HttpRequest decoded) {
      this.bytes = bytes;
      this.digits = digits;
      this.afterDigits = afterDigits;
      this.decoded = decoded;
      this.fields = Fields.of(decoded.headers());
      this.length = BodyLength.of(fields);
    }

    /**
     * Returns the head with these bytes; null if its field with the length of the body has an
     * unusual form.
     */
    static @Nullable Head of(byte[] bytes, HttpRequest decoded) {
      if (!decoded.headers().contains(HttpHeaderNames.CONTENT_LENGTH)) {
        return new Head(bytes, bytes.length, bytes.length, decoded);
      }
      int begin = findDigits(bytes);
      int end = begin;
      while (begin >= 0 && isDigit(bytes[end])) {
        end++;
      }
      return begin >= 0 && isPlain(bytes, begin, end) ? new Head(bytes, begin, end, decoded) : null;
    }

    /**
     * Returns the index at which the value of the header field with the body's length begins; -1 if
     * there is no such field, or more than one.
     */
    private static int findDigits(byte[] bytes) {
      int found = -1;
      for (int i = 0; i + LENGTH.length < bytes.length; i++) {
        if (bytes[i] == '\n' && isLength(bytes, i)) {
          if (found >= 0) {
            return -1;
          }
          found = i + LENGTH.length;
        }
      }
      return found >= 0 && bytes[found] == ' ' ? found + 1 : found;
    }

    private static boolean isLength(byte[] bytes, int at) {
      for (int i = 0; i < LENGTH.length; i++) {
        byte b = bytes[at + i];
        if ((b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b) != LENGTH[i]) {
          return false;
        }
      }
      return true;
    }

    /**
     * Whether all parsers read a range of bytes as the same number, and recognize where the number
     * ends.
     */
    private static boolean isPlain(byte[] bytes, int begin, int end) {
      return end > begin
          && end - begin <= MOST_DIGITS
          && (bytes[begin] != '0' || end - begin == 1)
          && bytes[end] == '\r';
    }

    /** Returns the request for a head that equals this head; null if the heads differ. */
    @Nullable RememberedRequest find(ByteBuf in, int length) {
      int from = in.readerIndex();
      int count = length - (bytes.length - (afterDigits - digits));
      boolean fits =
          digits == bytes.length
              ? count == 0
              : count > 0 && count <= MOST_DIGITS && isNumber(in, from + digits, count);
      if (!fits
          || !isEqual(in, from, 0, digits)
          || !isEqual(in, from + digits + count, afterDigits, bytes.length)) {
        return null;
      }
      if (count != afterDigits - digits || !isEqual(in, from + digits, digits, afterDigits)) {
        String other = in.toString(from + digits, count, US_ASCII);
        return request(Fields.of(fields, other), new BodyLength(Long.parseLong(other)));
      }
      return request();
    }

    RememberedRequest request() {
      return request(fields, length);
    }

    private RememberedRequest request(HttpHeaders stated, BodyLength ofBody) {
      return new RememberedRequest(
          decoded.protocolVersion(), decoded.method(), decoded.uri(), stated, ofBody, readings);
    }

    /** Whether all parsers read the digits of the content length as the same number. */
    private static boolean isNumber(ByteBuf in, int from, int count) {
      for (int i = from; i < from + count; i++) {
        if (!isDigit(in.getByte(i))) {
          return false;
        }
      }
      return count == 1 || in.getByte(from) != '0';
    }

    private static boolean isDigit(byte b) {
      return b >= '0' && b <= '9';
    }

    private boolean isEqual(ByteBuf in, int at, int from, int to) {
      if (in.hasArray()) {
        int begin = in.arrayOffset() + at;
        return Arrays.equals(in.array(), begin, begin + to - from, bytes, from, to);
      }
      int i = from;
      for (; i + Long.BYTES <= to; i += Long.BYTES) {
        if (in.getLong(at + i - from) != (long) LONGS.get(bytes, i)) {
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

    /** Erases the bytes, because they contain an access token. */
    void wipe() {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** The remembered heads; the newest head is last. */
  private final List<Head> heads = new ArrayList<>(1);

  /** The bytes of all heads together. */
  private int held;

  private int misses;

  /**
   * Returns a request for a head that equals a remembered head; null if no remembered head equals
   * it. If the result is null, the new head has to be decoded.
   *
   * @param buffer the received bytes, which begin with the head; they are not changed
   * @param length the length of the new head in bytes
   */
  @Nullable RememberedRequest find(ByteBuf buffer, int length) {
    for (int i = 0; i < heads.size(); i++) {
      RememberedRequest known = heads.get(i).find(buffer, length);
      if (known != null) {
        misses = 0;
        return known;
      }
    }
    if (!heads.isEmpty()) {
      misses++;
    }
    return null;
  }

  /**
   * Remembers a head that was just decoded. If there are too many heads, the oldest ones are
   * forgotten. Does nothing if the gateway must not reuse such a head.
   *
   * @param buffer the bytes that contain the head, which begins at {@code from}
   * @return the request to use for this head, and for later heads that equal it
   */
  HttpRequest keep(ByteBuf buffer, int from, int length, HttpRequest request) {
    if (misses >= MOST_MISSES) {
      forget();
      return request;
    }
    if (length > MOST_BYTES || !isPlain(request)) {
      return request;
    }
    byte[] bytes = new byte[length];
    buffer.getBytes(from, bytes);
    Head head = Head.of(bytes, request);
    if (head == null) {
      return request;
    }
    heads.add(head);
    held += length;
    while (heads.size() > MOST_HEADS || held > MOST_BYTES_IN_ALL) {
      Head oldest = heads.removeFirst();
      held -= oldest.bytes.length;
      oldest.wipe();
    }
    return head.request();
  }

  private static boolean isPlain(HttpRequest request) {
    return request.headers().size() <= MOST_FIELDS
        && NEVER.stream().noneMatch(request.headers()::contains);
  }

  /** Forgets all heads, and erases their bytes. */
  void forget() {
    heads.forEach(Head::wipe);
    heads.clear();
    held = 0;
  }
}
