package io.claviger.application.audit;

import io.claviger.application.audit.port.AuditChainStore.StoredLink;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.EventTexts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;

/**
 * A part of the trail that is in memory at one time. A piece takes the first item, whatever its
 * size, and further items as long as they do not exceed the maximum numbers of items and bytes.
 */
final class Piece<T> implements Predicate<T> {
  /** The default maximum number of bytes of the trail that one step keeps in memory. */
  static final long BYTES = 16 << 20;

  /** The size of a link's line if the link's event is not stored. */
  private static final int LINK = 500;

  private final int most;
  private final long mostBytes;
  private final ToIntFunction<T> size;
  private final List<T> items = new ArrayList<>();
  private long bytes;
  private boolean full;

  private Piece(int most, long mostBytes, ToIntFunction<T> size) {
    this.most = most;
    this.mostBytes = mostBytes;
    this.size = size;
  }

  static Piece<AuditEvent> ofEvents(int most, long mostBytes) {
    return new Piece<>(most, mostBytes, event -> EventTexts.of(event).size());
  }

  static Piece<EventTexts> ofWaiting(int most, long mostBytes) {
    return new Piece<>(most, mostBytes, EventTexts::size);
  }

  static Piece<StoredLink> ofLinks(int most, long mostBytes) {
    return new Piece<>(most, mostBytes, link -> link.event().map(EventTexts::size).orElse(LINK));
  }

  /**
   * Adds the next item, unless the piece would then exceed the maximum number of bytes.
   *
   * @return whether the piece can take another item after this call
   */
  @Override
  public boolean test(T item) {
    int more = size.applyAsInt(item);
    if (!items.isEmpty() && bytes + more > mostBytes) {
      full = true;
    } else {
      items.add(item);
      bytes += more;
      full = items.size() >= most || bytes >= mostBytes;
    }
    return !full;
  }

  List<T> items() {
    return items;
  }

  /** Whether the piece was full before all items were added, so that more items might follow. */
  boolean isFull() {
    return full;
  }
}
