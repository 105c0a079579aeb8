package io.claviger.gateway.model;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a body, in memory. The body never occupies more memory than was reserved. Parts are
 * copied, because a small part that was not copied would keep its whole buffer in memory. The body
 * stays in its original buffer only if the whole body arrived in one small buffer, and a part only
 * if it fills a large buffer. Each segment is twice as large as the previous segment, up to 64 KiB.
 * So a small body takes little memory, and a large body never moves to a larger buffer.
 */
final class BodySegments {
  private static final int SMALLEST = 4 << 10;
  private static final int MOST_DOUBLINGS = 4;
  private static final int LARGEST = SMALLEST << MOST_DOUBLINGS;

  /** The largest buffer, in bytes, that is kept if the whole body arrives in one buffer. */
  private static final int LARGEST_KEPT = 8 << 10;

  private final BufferBudget.BufferReservation reservation;
  private final ByteBufAllocator buffers;
  private final List<ByteBuf> segments = new ArrayList<>(4);

  /** The number of bytes that remain unused in the segments before the last one. */
  private int unused;

  BodySegments(BufferBudget.BufferReservation reservation, ByteBufAllocator buffers) {
    this.reservation = reservation;
    this.buffers = buffers;
  }

  /**
   * Copies as many bytes of a part as the reserved memory can hold.
   *
   * @return whether the whole part was copied; otherwise the part still contains the remaining
   *     bytes
   */
  boolean copy(ByteBuf part) {
    while (part.isReadable()) {
      ByteBuf to = writable();
      if (to == null) {
        return false;
      }
      to.writeBytes(part, Math.min(part.readableBytes(), to.writableBytes()));
    }
    return true;
  }

  /**
   * Keeps a part that contains the whole body, without copying the part.
   *
   * @return whether the part is kept; if false, the caller has to copy the part
   */
  boolean keepWhole(ByteBuf part) {
    int size = sizeOfBuffer(part);
    boolean fits = segments.isEmpty() && part.isReadable() && size <= LARGEST_KEPT;
    if (!fits || !reservation.take(size)) {
      return false;
    }
    keep(part);
    return true;
  }

  /**
   * Keeps a part that fills a large buffer, without copying the part. Does not keep the part if too
   * much of the earlier segments would remain unused.
   *
   * @return whether the part is kept; if false, the caller has to copy the part
   */
  boolean keepFull(ByteBuf part) {
    int left = segments.isEmpty() ? 0 : segments.getLast().writableBytes();
    boolean fits =
        part.readableBytes() == LARGEST
            && sizeOfBuffer(part) == LARGEST
            && unused + left <= LARGEST;
    if (!fits || !reservation.take(LARGEST)) {
      return false;
    }
    unused += left;
    keep(part);
    return true;
  }

  private static int sizeOfBuffer(ByteBuf part) {
    ByteBuf buffer = part;
    while (buffer.unwrap() != null) {
      buffer = buffer.unwrap();
    }
    return Math.max(SMALLEST, buffer.capacity());
  }

  /**
   * Keeps the remaining bytes of a part without copying them. These bytes do not count against the
   * reservation.
   */
  void keep(ByteBuf part) {
    segments.add(part.readRetainedSlice(part.readableBytes()));
  }

  private @Nullable ByteBuf writable() {
    if (!segments.isEmpty() && segments.getLast().isWritable()) {
      return segments.getLast();
    }
    int size = SMALLEST << Math.min(segments.size(), MOST_DOUBLINGS);
    if (!reservation.take(size)) {
      return null;
    }
    segments.add(buffers.buffer(size, size));
    return segments.getLast();
  }

  /**
   * Returns a view of all segments in order. Segments that are added later appear in the same view.
   */
  List<ByteBuf> all() {
    return Collections.unmodifiableList(segments);
  }

  /** Returns new references to the segments, in order; the receiver has to release them. */
  List<ByteBuf> duplicate() {
    List<ByteBuf> duplicates = new ArrayList<>(segments.size());
    segments.forEach(segment -> duplicates.add(segment.retainedDuplicate()));
    return duplicates;
  }

  /** Frees the memory of all segments and ends the reservation. */
  void release() {
    segments.forEach(ByteBuf::release);
    reservation.close();
  }
}
