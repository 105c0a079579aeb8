package io.claviger.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;

/**
 * Checks the framing of a chunked body while a decoder reads the body: how many bytes the framing
 * adds to the content, and whether trailers are folded. Without a limit on framing, a peer could
 * send kilobytes of chunk extensions around single bytes. The limits on the size of bodies do not
 * count these extensions.
 */
public final class ChunkGuard {
  /** The number of framing bytes that every body may have, for trailers and a few long lines. */
  private static final int FREE_BYTES = 48 << 10;

  /**
   * The number of further framing bytes that are permitted for each byte of content. The smallest
   * chunks, with one byte and no extensions, need 5 framing bytes.
   */
  private static final int MOST_PER_BYTE = 8;

  private long framing;
  private long content;
  private boolean inTrailers;

  /** Reads the next part of a body from a buffer. */
  @FunctionalInterface
  public interface Decoding {
    void decode() throws Exception;
  }

  /**
   * Lets a decoder read the next part of a body, unless the framing is malformed.
   *
   * @param buffer the bytes for the decoder; skipped if the decoder must not read them
   * @param out a list that receives the decoded parts, or a malformed end if the decoder must not
   *     continue
   */
  public void watch(ByteBuf buffer, List<Object> out, Decoding decoder) throws Exception {
    if (permits(buffer, out)) {
      int from = buffer.readerIndex();
      decoder.decode();
      check(buffer, from, out);
    }
  }

  /**
   * Checks the next bytes before the decoder reads them.
   *
   * @param next the bytes for the decoder; skipped if the decoder must not read them
   * @param out a list that receives a malformed end if the decoder must not continue
   * @return whether the decoder may continue
   */
  private boolean permits(ByteBuf next, List<Object> out) {
    if (inTrailers && hasFold(next)) {
      next.skipBytes(next.readableBytes());
      out.add(malformed());
      return false;
    }
    return true;
  }

  /**
   * Checks the bytes that the decoder has read.
   *
   * @param from the index at which the decoder began to read
   * @param out the decoded parts; replaced by a malformed end if there are too many framing bytes
   */
  private void check(ByteBuf buffer, int from, List<Object> out) {
    int bytes = 0;
    for (Object part : out) {
      bytes += part instanceof HttpContent data ? data.content().readableBytes() : 0;
    }
    framing += buffer.readerIndex() - from - bytes;
    content += bytes;
    inTrailers |= bytes == 0 && isLastSize(buffer, from);
    if (framing > FREE_BYTES + MOST_PER_BYTE * content) {
      out.forEach(ReferenceCountUtil::release);
      out.clear();
      out.add(malformed());
    }
  }

  private static LastHttpContent malformed() {
    LastHttpContent end = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
    end.setDecoderResult(DecoderResult.failure(new IllegalArgumentException("malformed chunks")));
    return end;
  }

  /** Begins another body. */
  public void reset() {
    framing = 0;
    content = 0;
    inTrailers = false;
  }

  /**
   * Whether the line belongs to the last chunk, whose size is zero. The decoder reads the line with
   * a chunk's size in one step.
   */
  private static boolean isLastSize(ByteBuf buffer, int from) {
    int at = from;
    while (at < buffer.readerIndex() && buffer.getByte(at) == '0') {
      at++;
    }
    return at > from && at < buffer.readerIndex() && Character.digit(buffer.getByte(at), 16) < 0;
  }

  /**
   * Whether a line is folded. The decoder reads whole lines, so its first unread byte begins a
   * line.
   */
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
