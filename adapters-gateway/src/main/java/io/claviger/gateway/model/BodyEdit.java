package io.claviger.gateway.model;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * Replaces some bytes of a buffered body by others.
 *
 * @param from where the first replaced byte stands in the body
 * @param to where the first byte behind them stands
 */
public record BodyEdit(long from, long to, byte[] with) {

  /** By how many bytes the body grows. */
  public long growth() {
    return with.length - (to - from);
  }

  /**
   * The edited body, which shares its memory with the original.
   *
   * @param edits in the order of the body, none of which overlap
   * @return for the receiver to release
   */
  static List<ByteBuf> apply(List<BodyEdit> edits, List<ByteBuf> segments) {
    List<ByteBuf> parts = new ArrayList<>(segments.size() + 2 * edits.size());
    int next = 0;
    long begin = 0;
    long done = 0;
    for (ByteBuf segment : segments) {
      long end = begin + segment.readableBytes();
      while (next < edits.size() && edits.get(next).from() < end) {
        BodyEdit edit = edits.get(next++);
        addSlice(parts, segment, begin, done, edit.from());
        parts.add(Unpooled.wrappedBuffer(edit.with()));
        done = edit.to();
      }
      addSlice(parts, segment, begin, done, end);
      done = Math.max(done, end);
      begin = end;
    }
    return parts;
  }

  private static void addSlice(
      List<ByteBuf> parts, ByteBuf segment, long begin, long from, long to) {
    if (from < to) {
      parts.add(
          segment.retainedSlice(segment.readerIndex() + (int) (from - begin), (int) (to - from)));
    }
  }
}
