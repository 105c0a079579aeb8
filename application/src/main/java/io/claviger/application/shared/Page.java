package io.claviger.application.shared;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A page of a list.
 *
 * @param positions the position of each item in the list; empty if the page can't be shortened
 * @param next the position after which the next page begins; empty if this is the last page
 */
public record Page<T, P>(List<T> items, List<P> positions, Optional<P> next) {
  public Page {
    items = List.copyOf(items);
    positions = List.copyOf(positions);
    if (!positions.isEmpty() && positions.size() != items.size()) {
      throw new IllegalArgumentException("the numbers of items and of positions must be equal");
    }
  }

  /**
   * Builds a page from the result of a port. The caller must have requested one more item than the
   * limit from the port.
   */
  public static <T, P> Page<T, P> of(List<T> oneMore, int limit, Function<T, P> position) {
    boolean last = oneMore.size() <= limit;
    return of(last ? oneMore : oneMore.subList(0, limit), !last, position);
  }

  /**
   * Builds a page of the given items.
   *
   * @param more whether there might be further items after this page
   */
  public static <T, P> Page<T, P> of(List<T> items, boolean more, Function<T, P> position) {
    List<P> positions = items.stream().<P>map(position).toList();
    return new Page<>(items, positions, more ? Optional.of(positions.getLast()) : Optional.empty());
  }

  public static <T, P> Page<T, P> whole(List<T> items) {
    return new Page<>(items, List.of(), Optional.empty());
  }

  /**
   * Returns a page with only the first items of this page. The next page begins with the remaining
   * items.
   *
   * @param count the number of items, at least 1
   */
  public Page<T, P> first(int count) {
    return count >= items.size() || positions.isEmpty()
        ? this
        : new Page<>(
            items.subList(0, count),
            positions.subList(0, count),
            Optional.of(positions.get(count - 1)));
  }

  public <R> Page<R, P> map(Function<? super T, ? extends R> change) {
    return new Page<>(items.stream().<R>map(change).toList(), positions, next);
  }
}
