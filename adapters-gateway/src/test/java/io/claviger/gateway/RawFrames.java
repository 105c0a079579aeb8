package io.claviger.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import java.util.SplittableRandom;

/** Writes any frames of WebSocket (RFC 6455), and reads frames strictly. */
final class RawFrames {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;
  static final int LAST = 0x80;

  private static final int LONGEST_CONTROL = 125;

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final boolean masked;
  private final SplittableRandom random;

  @SuppressWarnings("ArrayRecordComponent") // nobody changes or compares it
  record Frame(int opcode, byte[] payload) {
    String text() {
      return new String(payload, UTF_8);
    }

    /** The code of a close; 1005 if it states none. */
    int code() {
      return payload.length == 0 ? 1005 : ((payload[0] & 0xff) << 8) + (payload[1] & 0xff);
    }
  }

  RawFrames(boolean masked, SplittableRandom random) {
    this.masked = masked;
    this.random = random;
  }

  /**
   * @param first the byte with the opcode, {@link #LAST} and whatever else
   */
  RawFrames add(int first, byte... payload) {
    return add(first, masked, payload.length <= LONGEST_CONTROL ? 0 : 2, payload);
  }

  RawFrames add(int first, String text) {
    return add(first, text.getBytes(UTF_8));
  }

  /**
   * @param lengthBytes how many bytes state the length: at least 0, 2 or 8
   */
  RawFrames add(int first, boolean withMask, int lengthBytes, byte... payload) {
    int mask = withMask ? 0x80 : 0;
    written.write(first);
    if (lengthBytes == 0) {
      written.write(mask | payload.length);
    } else if (lengthBytes == 2 && payload.length <= 0xffff) {
      written.write(mask | 126);
      written.writeBytes(ByteBuffer.allocate(2).putShort((short) payload.length).array());
    } else {
      written.write(mask | 127);
      written.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
    }
    byte[] key = ByteBuffer.allocate(4).putInt(withMask ? random.nextInt() : 0).array();
    if (withMask) {
      written.writeBytes(key);
    }
    for (int i = 0; i < payload.length; i++) {
      written.write(payload[i] ^ key[i % 4]);
    }
    return this;
  }

  RawFrames bytes(byte... raw) {
    written.writeBytes(raw);
    return this;
  }

  /** A whole message in parts, with pings and pongs between them. */
  RawFrames message(byte[] whole, Runnable between) {
    int parts = random.nextInt(3) > 0 ? 1 : 1 + random.nextInt(4);
    int[] cuts = random.ints(parts - 1L, 0, whole.length + 1).sorted().toArray();
    int from = 0;
    for (int i = 0; i < parts; i++) {
      int to = i == parts - 1 ? whole.length : cuts[i];
      byte[] part = java.util.Arrays.copyOfRange(whole, from, to);
      add((i == 0 ? TEXT : CONTINUATION) | (i == parts - 1 ? LAST : 0), part);
      from = to;
      if (random.nextInt(4) == 0) {
        between.run();
      }
    }
    return this;
  }

  byte[] all() {
    return written.toByteArray();
  }

  /**
   * Reads a frame that must be in order, and the whole of a message.
   *
   * @return empty at the end of the connection
   */
  static Optional<Frame> read(InputStream in, boolean masked) throws IOException {
    int first = in.read();
    if (first < 0) {
      return Optional.empty();
    }
    int second = in.read();
    demand(second >= 0, "half a head");
    int opcode = first & 0x0f;
    demand((first & 0xf0) == LAST, "a part, or a reserved bit: " + first);
    demand(opcode == TEXT || opcode == CLOSE || opcode == PONG, "opcode " + opcode);
    demand((second & 0x80) != 0 == masked, "mask");
    long length = second & 0x7f;
    demand(opcode == TEXT || length <= LONGEST_CONTROL, "a long control frame");
    if (length == 126) {
      length = ByteBuffer.wrap(in.readNBytes(2)).getShort() & 0xffff;
      demand(length > LONGEST_CONTROL, "length in more bytes than it needs");
    } else if (length == 127) {
      length = ByteBuffer.wrap(in.readNBytes(8)).getLong();
      demand(length > 0xffff && length < 1 << 25, "length " + length);
    }
    byte[] key = masked ? in.readNBytes(4) : new byte[4];
    byte[] payload = in.readNBytes((int) length);
    demand(payload.length == length, "half a frame");
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= key[i % 4];
    }
    Frame frame = new Frame(opcode, payload);
    check(frame);
    return Optional.of(frame);
  }

  private static void check(Frame frame) {
    int from = frame.opcode() == CLOSE ? Math.min(2, frame.payload().length) : 0;
    if (frame.opcode() == CLOSE && from > 0) {
      demand(from == 2, "half a code");
      int code = frame.code();
      demand(code >= 1000 && code < 5000 && code != 1005 && code != 1006, "code " + code);
    }
    if (frame.opcode() != PONG) {
      try {
        UTF_8.newDecoder().decode(ByteBuffer.wrap(frame.payload()).position(from));
      } catch (CharacterCodingException e) {
        throw new AssertionError("not UTF-8", e);
      }
    }
  }

  private static void demand(boolean met, String otherwise) {
    if (!met) {
      throw new AssertionError("a frame that is not in order: " + otherwise);
    }
  }
}
