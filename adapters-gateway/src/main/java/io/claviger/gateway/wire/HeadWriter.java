package io.claviger.gateway.wire;

import io.claviger.domain.keys.Secret;
import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes the head of an HTTP/1.1 message. Names and values must not contain line breaks. All names
 * and values come from Claviger or from a decoder that refuses line breaks, so this class does not
 * check them.
 *
 * <p>The head is collected in an array, because many small writes to a direct buffer take several
 * times as long. The array is erased when the head is copied into the buffer, so that no copy of a
 * key remains in memory.
 */
public final class HeadWriter {
  private static final int USUAL = 4 << 10;

  /** The largest array that is kept for the next head, in bytes. */
  private static final int LONGEST_SPARE = 16 << 10;

  private static final FastThreadLocal<Spare> SPARE =
      new FastThreadLocal<>() {
        @Override
        protected Spare initialValue() {
          return new Spare();
        }
      };

  /** The array in which the thread collects its next head. */
  private static final class Spare {
    /** The array; null before the first head, and while it is in use. */
    private byte @Nullable [] array;
  }

  private final ByteBuf out;
  private byte @Nullable [] collected;
  private int length;

  /**
   * @param out the buffer for the head; it must already have room for the head, because a growing
   *     buffer leaves a copy of its bytes in memory
   */
  public HeadWriter(ByteBuf out) {
    this.out = out;
    Spare spare = SPARE.get();
    byte[] array = spare.array;
    spare.array = null;
    collected = array == null ? new byte[USUAL] : array;
  }

  /** Writes characters up to U+00FF as one byte each, as the decoder reads them. */
  public HeadWriter text(CharSequence text) {
    int size = text.length();
    byte[] to = withRoomFor(size);
    if (text instanceof AsciiString bytes) {
      bytes.copy(0, to, length, size);
    } else {
      for (int i = 0; i < size; i++) {
        to[length + i] = AsciiString.c2b(text.charAt(i));
      }
    }
    length += size;
    return this;
  }

  public HeadWriter secret(Secret secret) {
    secret.lend(this::bytes);
    return this;
  }

  public HeadWriter bytes(byte[] bytes) {
    System.arraycopy(bytes, 0, withRoomFor(bytes.length), length, bytes.length);
    length += bytes.length;
    return this;
  }

  public void write(int oneByte) {
    withRoomFor(1)[length] = (byte) oneByte;
    length++;
  }

  public HeadWriter header(CharSequence name, CharSequence value) {
    return name(name).text(value).endLine();
  }

  public HeadWriter header(CharSequence name, Secret value) {
    return name(name).secret(value).endLine();
  }

  /** Writes the name of a header, and the separator before the value. */
  public HeadWriter name(CharSequence name) {
    return text(name).pair(':', ' ');
  }

  /** Ends a line. The caller has to end the head with an empty line. */
  public HeadWriter endLine() {
    return pair('\r', '\n');
  }

  private HeadWriter pair(char first, char second) {
    write(first);
    write(second);
    return this;
  }

  /** Returns the number of bytes written so far. */
  public int length() {
    return length;
  }

  public byte[] copyFrom(int start) {
    return Arrays.copyOfRange(withRoomFor(0), start, length);
  }

  /** Returns the buffer with the written bytes. Nothing can be written afterwards. */
  public ByteBuf buffer() {
    byte[] whole = withRoomFor(0);
    collected = null;
    out.writeBytes(whole, 0, length);
    Arrays.fill(whole, 0, length, (byte) 0);
    if (whole.length <= LONGEST_SPARE) {
      SPARE.get().array = whole;
    }
    return out;
  }

  private byte[] withRoomFor(int more) {
    byte[] now = collected;
    if (now == null) {
      throw new IllegalStateException("the head has been written");
    }
    if (now.length - length >= more) {
      return now;
    }
    byte[] larger = Arrays.copyOf(now, Math.max(2 * now.length, length + more));
    Arrays.fill(now, (byte) 0);
    collected = larger;
    return larger;
  }
}
