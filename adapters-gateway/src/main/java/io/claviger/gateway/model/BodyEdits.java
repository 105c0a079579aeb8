package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The changes to a completely buffered body. Each edit removes bytes at a position, inserts a text
 * there, or does both. All other bytes stay unchanged. Immutable.
 *
 * <p>{@link BufferedBody#edits} returns the edits for a body, {@link BufferedBody#take} applies
 * them, and {@link #lengthChange} returns the change of the body's length.
 */
public final class BodyEdits {
  public static final BodyEdits NONE = new BodyEdits(List.of());

  /** The number of edits above which the edited body is a copy. */
  private static final int MOST_SEGMENTS = 64;

  /** The number of bytes in each segment of a copied body. */
  private static final int COPIED = 64 << 10;

  /**
   * The order of edits: by position, and at the same position, pure insertions before other edits.
   */
  private static final Comparator<Edit> ORDER =
      Comparator.comparingLong(Edit::position).thenComparing(edit -> edit.removed > 0);

  private final List<Edit> edits;

  /**
   * @param edits the edits, ordered by position
   */
  private BodyEdits(List<Edit> edits) {
    this.edits = edits;
  }

  /**
   * One edit.
   *
   * @param position the position of the first removed byte; for a pure insertion, the position of
   *     the byte behind the inserted text. The first byte of the original body has position 0
   * @param removed the number of removed bytes
   * @param inserted the text to insert, in UTF-8
   */
  public record Edit(long position, long removed, String inserted) {}

  /**
   * @param edits the edits in any order; no two of them may overlap
   * @throws IllegalArgumentException if two of the edits overlap
   */
  public static BodyEdits of(List<Edit> edits) {
    List<Edit> sorted = new ArrayList<>(edits);
    sorted.sort(ORDER);
    long end = 0;
    for (Edit edit : sorted) {
      if (edit.position < end || edit.removed < 0) {
        throw new IllegalArgumentException(
            "edits must not overlap or remove a negative number of bytes");
      }
      end = edit.position + edit.removed;
    }
    return new BodyEdits(List.copyOf(sorted));
  }

  static BodyEdits of(long position, long removed, String inserted) {
    return of(List.of(new Edit(position, removed, inserted)));
  }

  /**
   * @throws IllegalArgumentException if an edit of one object overlaps with an edit of the other
   */
  public BodyEdits and(BodyEdits others) {
    if (isEmpty() || others.isEmpty()) {
      return isEmpty() ? others : this;
    }
    List<Edit> all = new ArrayList<>(edits);
    all.addAll(others.edits);
    return of(all);
  }

  int count() {
    return edits.size();
  }

  public boolean isEmpty() {
    return edits.isEmpty();
  }

  /** Returns by how many bytes the edits lengthen the body; negative if they shorten it. */
  public long lengthChange() {
    if (isEmpty()) {
      return 0;
    }
    long change = 0;
    for (Edit edit : edits) {
      change += ByteBufUtil.utf8Bytes(edit.inserted) - edit.removed;
    }
    return change;
  }

  /**
   * Applies the edits. Copies the body only if there are many edits, as in the body of a batch.
   * Without the copy, each edit would add a segment to the body.
   *
   * @param body the segments of the body, in order; this method takes ownership of them. All edits
   *     must be inside the body
   * @return the segments of the edited body; the receiver has to release these segments. Without
   *     edits, returns the list {@code body} itself
   */
  public List<ByteBuf> apply(List<ByteBuf> body) {
    if (edits.isEmpty()) {
      return body;
    }
    ByteBufAllocator buffers = body.getFirst().alloc();
    ByteBuf whole = Unpooled.wrappedBuffer(body.size(), body.toArray(ByteBuf[]::new));
    if (edits.size() > MOST_SEGMENTS) {
      return copied(whole, buffers);
    }
    int start = whole.readerIndex();
    int length = whole.readableBytes();
    List<ByteBuf> edited = new ArrayList<>(2 * edits.size() + 1);
    int at = 0;
    for (Edit edit : edits) {
      int position = (int) edit.position;
      edited.add(whole.retainedSlice(start + at, position - at));
      edited.add(Unpooled.copiedBuffer(edit.inserted, UTF_8));
      at = position + (int) edit.removed;
    }
    edited.add(whole.retainedSlice(start + at, length - at));
    whole.release();
    return edited;
  }

  private List<ByteBuf> copied(ByteBuf whole, ByteBufAllocator buffers) {
    List<ByteBuf> copied = new ArrayList<>();
    long at = 0;
    for (Edit edit : edits) {
      copy(whole.readSlice((int) (edit.position - at)), copied, buffers);
      copy(Unpooled.wrappedBuffer(edit.inserted.getBytes(UTF_8)), copied, buffers);
      whole.skipBytes((int) edit.removed);
      at = edit.position + edit.removed;
    }
    copy(whole, copied, buffers);
    whole.release();
    return copied;
  }

  private static void copy(ByteBuf from, List<ByteBuf> to, ByteBufAllocator buffers) {
    while (from.isReadable()) {
      if (to.isEmpty() || !to.getLast().isWritable()) {
        to.add(buffers.buffer(COPIED, COPIED));
      }
      ByteBuf last = to.getLast();
      last.writeBytes(from, Math.min(from.readableBytes(), last.writableBytes()));
    }
  }
}
