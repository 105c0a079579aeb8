package io.claviger.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Collects the heads of HTTP/1.1 messages on a connection, one after the other. A decoder receives
 * only complete heads within the limits. So an incomplete head takes memory for its bytes, but not
 * for decoded objects. Each byte is read only once, even if the bytes arrive one by one.
 *
 * <p>Only used on one event loop.
 */
public final class HeadReader {
  private static final byte CR = '\r';
  private static final byte LF = '\n';
  private static final int LINE_END = (CR << 8) | LF;

  /**
   * The maximum number of bytes that are skipped before a head. After a body, some clients send a
   * line end that does not belong to the body (RFC 9112, 2.2).
   */
  private static final int MOST_BYTES_BEFORE = 8;

  private static final int SMALLEST = 256;

  /**
   * The memory, in bytes, that a field takes besides its own bytes: for the objects and arrays of
   * the entry, the name and the value.
   */
  private static final int FIELD_BYTES = 200;

  /**
   * The number of copies of a head's bytes in memory: the original bytes, the decoder's objects,
   * and copies of parts.
   */
  private static final int COPIES = 3;

  /**
   * The limits on the size of a head.
   *
   * @param lineBytes the maximum number of bytes of the first line and of each field, with line
   *     ends
   * @param fieldsBytes the maximum number of bytes of all fields together, with line ends
   * @param fields the maximum number of fields
   */
  public record Bounds(int lineBytes, int fieldsBytes, int fields) {}

  /** Why a head is not passed to the decoder. */
  public enum HeadFault {
    /** Something other than a few line ends precedes the first line. */
    MALFORMED,
    FIRST_LINE_TOO_LONG,
    FIELDS_TOO_LARGE,
    TOO_MANY_FIELDS,
    /**
     * A line begins with white space. Some parsers join such a line with the previous line; others
     * do not.
     */
    FOLDED,
    /** Other heads currently occupy the memory that is available for heads. */
    NO_ROOM
  }

  /** Limits the memory for heads. */
  @FunctionalInterface
  public interface Room {
    /**
     * Changes the number of bytes that are reserved for the head in memory.
     *
     * @return whether there is memory for that many bytes
     */
    boolean hold(int bytes);
  }

  private final Bounds bounds;
  private final Room room;

  private @Nullable ByteBuf partial;
  private @Nullable HeadFault fault;
  private int bytesBefore;
  private int lines;
  private int lineBytes;
  private byte lineStart;
  private int firstLineBytes;
  private int bytes;
  private int longestLine;

  public HeadReader(Bounds bounds, Room room) {
    this.bounds = bounds;
    this.room = room;
  }

  /**
   * Reads the next bytes.
   *
   * @param in the buffer with the bytes. The buffer is read up to the end of the head, or
   *     completely if the head has a fault
   * @return the bytes to decode; null while the head is incomplete. If {@code in} contains the
   *     whole head, the result is {@code in} itself, from which the line ends before the head have
   *     been read. If earlier calls have received the beginning of the head, the result is another
   *     buffer, which contains the whole head and is valid until {@link #finish}. If the head has a
   *     fault, the buffer contains the first line, as far as it has arrived
   */
  public @Nullable ByteBuf read(ByteBuf in, ByteBufAllocator buffers) {
    skipLineEnds(in);
    int end = fault == null ? endOfHead(in) : -1;
    if (fault == null && end < 0) {
      if (in.isReadable()) {
        ByteBuf kept = keep(in, in.writerIndex(), buffers);
        fault = room.hold(kept.capacity()) ? null : HeadFault.NO_ROOM;
      }
    } else if (fault == null) {
      fault = room.hold(weight()) ? null : HeadFault.NO_ROOM;
    }
    if (fault != null) {
      return firstLine(in, buffers);
    }
    if (end < 0) {
      return null;
    }
    return partial == null ? in : keep(in, end, buffers);
  }

  /** Why the head must be refused; empty if there is no reason so far. */
  public Optional<HeadFault> fault() {
    return Optional.ofNullable(fault);
  }

  /** Whether a part of a head has arrived, but not yet the whole head. */
  public boolean isUnfinished() {
    return partial != null && fault == null;
  }

  /**
   * Whether bytes have arrived since the end of the last head. Line ends that precede a head count
   * as such bytes, although the reader skips them.
   */
  public boolean hasBegun() {
    return bytesBefore > 0 || bytes > 0;
  }

  /**
   * The length of the longest line of all heads so far, in bytes. A decoder keeps a buffer as long
   * as this line.
   */
  public int longestLine() {
    return longestLine;
  }

  /** How many bytes of the head have arrived, without line ends before the head. */
  public int length() {
    return bytes;
  }

  /** Called after the head has been decoded or refused, so that the next head can be read. */
  public void finish() {
    wipe();
    fault = null;
    bytesBefore = 0;
    lines = 0;
    lineBytes = 0;
    firstLineBytes = 0;
    bytes = 0;
  }

  /** Skips only complete line ends (CR LF): some parsers read a single CR or LF as a line end. */
  private void skipLineEnds(ByteBuf in) {
    while (bytes == 0 && fault == null && in.isReadable()) {
      byte next = in.getByte(in.readerIndex());
      byte expected = bytesBefore % 2 == 0 ? CR : LF;
      if (next != expected) {
        fault = expected == LF || next == LF ? HeadFault.MALFORMED : null;
        return;
      }
      in.skipBytes(1);
      if (++bytesBefore > MOST_BYTES_BEFORE) {
        fault = HeadFault.MALFORMED;
      }
    }
  }

  /** Counts new bytes. Returns the index after the head; -1 if the head is incomplete. */
  private int endOfHead(ByteBuf in) {
    int at = in.readerIndex();
    int end = in.writerIndex();
    while (at < end) {
      if (lineBytes == 0) {
        lineStart = in.getByte(at);
      }
      int lineFeed = in.indexOf(at, end, LF);
      int next = lineFeed < 0 ? end : lineFeed + 1;
      lineBytes += next - at;
      bytes += next - at;
      at = next;
      boolean complete = lineFeed >= 0;
      if (complete && lines > 0 && isEmptyLine()) {
        return at;
      }
      fault = faultOfLine(complete);
      if (fault != null) {
        return at;
      }
      if (complete) {
        endLine();
      }
    }
    return -1;
  }

  private boolean isEmptyLine() {
    return lineBytes == 1 || (lineBytes == 2 && lineStart == CR);
  }

  private @Nullable HeadFault faultOfLine(boolean complete) {
    if (lineStart == ' ' || lineStart == '\t') {
      return HeadFault.FOLDED;
    }
    if (lines == 0) {
      return lineBytes > bounds.lineBytes() ? HeadFault.FIRST_LINE_TOO_LONG : null;
    }
    if (lineBytes > bounds.lineBytes() || bytes - firstLineBytes > bounds.fieldsBytes()) {
      return HeadFault.FIELDS_TOO_LARGE;
    }
    return complete && lines > bounds.fields() ? HeadFault.TOO_MANY_FIELDS : null;
  }

  private void endLine() {
    if (lines == 0) {
      firstLineBytes = bytes;
    }
    longestLine = Math.max(longestLine, lineBytes);
    lines++;
    lineBytes = 0;
  }

  private int weight() {
    return COPIES * bytes + FIELD_BYTES * lines;
  }

  private ByteBuf keep(ByteBuf in, int end, ByteBufAllocator buffers) {
    int more = end - in.readerIndex();
    ByteBuf kept = partial == null ? buffers.buffer(Math.max(SMALLEST, more)) : partial;
    partial = kept;
    return kept.writeBytes(in, more);
  }

  private ByteBuf firstLine(ByteBuf in, ByteBufAllocator buffers) {
    ByteBuf line = buffers.buffer(firstLineBytes + 2);
    if (firstLineBytes > 0) {
      int kept = partial == null ? 0 : Math.min(partial.readableBytes(), firstLineBytes);
      if (partial != null) {
        line.writeBytes(partial, partial.readerIndex(), kept);
      }
      line.writeBytes(in, in.readerIndex(), firstLineBytes - kept);
      line.writeShort(LINE_END);
    }
    in.skipBytes(in.readableBytes());
    wipe();
    partial = line;
    return line;
  }

  /** Erases the head, because it might contain an access token. */
  private void wipe() {
    if (partial != null) {
      partial.setZero(0, partial.capacity()).release();
      partial = null;
    }
  }
}
