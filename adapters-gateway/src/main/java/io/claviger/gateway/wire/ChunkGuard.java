package io.claviger.gateway.wire;

import io.netty.buffer.ByteBuf;

/**
 * Watches the framing of a chunked body while a decoder reads it: how much of it there is beside
 * the content, and whether its trailers are folded. Extensions of kilobytes around single bytes
 * would cost a peer next to nothing and never count as a body.
 */
public final class ChunkGuard {
  /** Room for trailers, and for some long lines. */
  private static final int FREE_BYTES = 48 << 10;

  /** For each byte of content; the smallest chunks without extensions need 5. */
  private static final int MOST_PER_BYTE = 8;

  private long framing;
  private long content;
  private boolean inTrailers;

  /**
   * Looks at what the decoder is about to read.
   *
   * @return whether it may
   */
  public boolean permits(ByteBuf next) {
    return !inTrailers || !hasFold(next);
  }

  /**
   * Counts what the decoder has read.
   *
   * @param from where in the buffer it began
   * @param bytesOfContent what it made of that
   * @return whether the framing is still within reason
   */
  public boolean accepts(ByteBuf buffer, int from, int bytesOfContent) {
    int read = buffer.readerIndex() - from;
    framing += read - bytesOfContent;
    content += bytesOfContent;
    inTrailers |= bytesOfContent == 0 && isLastSize(buffer, from);
    return framing <= FREE_BYTES + MOST_PER_BYTE * content;
  }

  /** Another body follows. */
  public void reset() {
    framing = 0;
    content = 0;
    inTrailers = false;
  }

  /** The decoder reads a whole line with the size of a chunk at a time; the last size is zero. */
  private static boolean isLastSize(ByteBuf buffer, int from) {
    int at = from;
    while (at < buffer.readerIndex() && buffer.getByte(at) == '0') {
      at++;
    }
    return at > from && at < buffer.readerIndex() && Character.digit(buffer.getByte(at), 16) < 0;
  }

  /** The decoder takes whole lines, so what it has left begins with the beginning of one. */
  private static boolean hasFold(ByteBuf lines) {
    int end = lines.writerIndex();
    int line = lines.readerIndex();
    while (line < end) {
      byte start = lines.getByte(line);
      if (start == ' ' || start == '\t') {
        return true;
      }
      if (start == '\r' || start == '\n') {
        return false; // the end of the trailers
      }
      int lineFeed = lines.indexOf(line, end, (byte) '\n');
      line = lineFeed < 0 ? end : lineFeed + 1;
    }
    return false;
  }
}
