package io.claviger.gateway.usage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * Reads a stream of Amazon's frames ({@code application/vnd.amazon.eventstream}) while the gateway
 * forwards the stream. The reader finds the type and the JSON of each event. A model's JSON is in
 * the member {@code bytes} of an event, encoded in Base64.
 *
 * <p>The AWS SDK's reader buffers each whole frame, up to 16 MiB. This reader keeps only a frame's
 * headers in memory, at most {@value #MOST_OF_HEADERS} bytes. If the checksum of a frame's first
 * bytes is wrong, the rest of the stream is ignored.
 */
final class EventFrames {
  /** Receives the events in order. */
  interface Listener {
    /**
     * Called when an event begins.
     *
     * @param type the type of the event; valid only until this method returns
     */
    void begin(byte[] type, int length);

    /** Called with a part of the event's JSON. */
    void read(byte[] bytes, int from, int to);

    void end();
  }

  private enum At {
    PRELUDE,
    HEADERS,
    PAYLOAD,
    CHECKSUM,
    MALFORMED
  }

  private static final String TYPE = "application/vnd.amazon.eventstream";

  /** The bytes before the headers: two lengths, and a checksum of the lengths. */
  private static final int PRELUDE = 12;

  private static final int CHECKSUM = 4;
  static final int MOST_OF_HEADERS = 1 << 10;

  /**
   * For each type of header value (the index), the size of its values in bytes; -1 if each value
   * contains its own length.
   */
  private static final int[] SIZES = {0, 0, 1, 2, 4, 8, -1, -1, 8, 16};

  private static final int STRING = 7;
  private static final byte[] EVENT_TYPE = ":event-type".getBytes(US_ASCII);
  private static final byte[] CHUNK = "chunk".getBytes(US_ASCII);
  private static final byte[] BYTES = "bytes".getBytes(US_ASCII);

  private final Listener listener;
  private final CRC32 checksum = new CRC32();

  /** The prelude or the headers of a frame; bytes that do not fit are dropped. */
  private final byte[] kept = new byte[MOST_OF_HEADERS];

  private At at = At.PRELUDE;
  private int length;
  private long left = PRELUDE;
  private long headers;
  private long payload;
  private boolean isEvent;
  private boolean isWrapped;

  private final Wrapped wrapped = new Wrapped();

  EventFrames(Listener listener) {
    this.listener = listener;
  }

  /** Whether an answer with these headers is a stream of Amazon's frames. */
  static boolean are(HttpHeaders headers) {
    return headers
        .get(HttpHeaderNames.CONTENT_TYPE, "")
        .regionMatches(true, 0, TYPE, 0, TYPE.length());
  }

  void read(byte[] bytes, int from, int to) {
    int i = from;
    while (i < to && at != At.MALFORMED) {
      int count = (int) Math.min(left, to - i);
      switch (at) {
        case PRELUDE, HEADERS -> keep(bytes, i, count);
        case PAYLOAD -> payload(bytes, i, i + count);
        default -> {}
      }
      i += count;
      left -= count;
      while (left == 0 && at != At.MALFORMED) {
        next();
      }
    }
  }

  private void keep(byte[] bytes, int from, int count) {
    int fitting = Math.min(count, kept.length - length);
    System.arraycopy(bytes, from, kept, length, fitting);
    length += fitting;
  }

  /**
   * Called at the end of each part of a frame: the prelude, the headers, the payload and the
   * checksum.
   */
  private void next() {
    switch (at) {
      case PRELUDE -> beginFrame();
      case HEADERS -> beginPayload();
      case PAYLOAD -> {
        if (isEvent) {
          listener.end();
        }
        begin(At.CHECKSUM, CHECKSUM);
      }
      default -> begin(At.PRELUDE, PRELUDE);
    }
  }

  private void begin(At part, long size) {
    at = part;
    left = size;
    length = 0;
  }

  private void beginFrame() {
    long whole = number(0);
    headers = number(4);
    payload = whole - PRELUDE - CHECKSUM - headers;
    checksum.reset();
    checksum.update(kept, 0, 8);
    boolean isWhole = payload >= 0 && checksum.getValue() == number(8);
    begin(isWhole ? At.HEADERS : At.MALFORMED, headers);
  }

  private long number(int from) {
    return (kept[from] & 0xffL) << 24
        | (kept[from + 1] & 0xffL) << 16
        | (kept[from + 2] & 0xffL) << 8
        | (kept[from + 3] & 0xffL);
  }

  private void beginPayload() {
    isEvent = headers == length && findType();
    begin(At.PAYLOAD, payload);
  }

  /**
   * Finds the header with the event's type, and begins the event. Returns false if there is no such
   * header.
   */
  private boolean findType() {
    int i = 0;
    while (i < length) {
      int name = i + 1;
      int end = name + (kept[i] & 0xff);
      int type = end < length ? kept[end] : -1;
      if (type < 0 || type >= SIZES.length) {
        return false;
      }
      int value = end + 1;
      int size = SIZES[type];
      if (size < 0) {
        value += 2;
        if (value > length) {
          return false;
        }
        size = (kept[value - 2] & 0xff) << 8 | (kept[value - 1] & 0xff);
      }
      if (value + size > length) {
        return false;
      }
      if (type == STRING && Arrays.equals(kept, name, end, EVENT_TYPE, 0, EVENT_TYPE.length)) {
        byte[] found = Arrays.copyOfRange(kept, value, value + size);
        isWrapped = Arrays.equals(found, CHUNK);
        wrapped.reset();
        listener.begin(found, size);
        return true;
      }
      i = value + size;
    }
    return false;
  }

  private void payload(byte[] bytes, int from, int to) {
    if (isEvent && isWrapped) {
      wrapped.read(bytes, from, to);
    } else if (isEvent) {
      listener.read(bytes, from, to);
    }
  }

  /** Decodes the top-level member {@code bytes} in the JSON of an event. */
  private final class Wrapped {
    private final byte[] decoded = new byte[3 << 8];
    private int decodedLength;

    /** The number of JSON objects and arrays that have begun but not ended. */
    private int depth;

    private boolean inString;
    private boolean escaped;

    /** Whether the current or last string is the value of {@code bytes}. */
    private boolean isValue;

    /** Whether the next string might be the name of a top-level member. */
    private boolean isName;

    /**
     * The number of characters of the name that have matched {@code bytes}; -1 if the name is a
     * different one.
     */
    private int matched;

    private int digits;
    private int bits;

    void reset() {
      decodedLength = 0;
      depth = 0;
      inString = false;
      escaped = false;
      isValue = false;
      isName = false;
      matched = -1;
      digits = 0;
      bits = 0;
    }

    void read(byte[] bytes, int from, int to) {
      for (int i = from; i < to; i++) {
        if (inString) {
          string(bytes[i]);
        } else {
          structure(bytes[i]);
        }
      }
      pass();
    }

    private void structure(byte next) {
      switch (next) {
        case '{', '[' -> {
          depth++;
          isName = depth == 1 && next == '{';
        }
        case '}', ']' -> depth--;
        case ',' -> isName = depth == 1;
        case '"' -> {
          inString = true;
          isValue = !isName && depth == 1 && matched == BYTES.length;
          matched = isName ? 0 : -1;
        }
        default -> {}
      }
    }

    private void string(byte next) {
      if (escaped) {
        escaped = false;
        take(next);
      } else if (next == '\\') {
        escaped = true;
      } else if (next == '"') {
        inString = false;
        isName = false;
      } else {
        take(next);
      }
    }

    private void take(byte next) {
      if (isValue) {
        digit(next);
      } else if (matched >= 0) {
        matched = matched < BYTES.length && BYTES[matched] == next ? matched + 1 : -1;
      }
    }

    private void digit(byte next) {
      int value = value(next);
      if (value < 0) {
        return;
      }
      bits = bits << 6 | value;
      digits++;
      if (digits > 1) {
        put((byte) (bits >> (8 - 2 * digits)));
      }
      digits &= 3;
    }

    private void put(byte next) {
      if (decodedLength == decoded.length) {
        pass();
      }
      decoded[decodedLength++] = next;
    }

    private void pass() {
      if (decodedLength > 0) {
        listener.read(decoded, 0, decodedLength);
        decodedLength = 0;
      }
    }

    private static int value(byte digit) {
      if (digit >= 'A' && digit <= 'Z') {
        return digit - 'A';
      }
      if (digit >= 'a' && digit <= 'z') {
        return digit - 'a' + 26;
      }
      if (digit >= '0' && digit <= '9') {
        return digit - '0' + 52;
      }
      return digit == '+' ? 62 : digit == '/' ? 63 : -1;
    }
  }
}
