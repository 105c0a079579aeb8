package io.claviger.application.shared;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A part of a list.
 *
 * @param positions of the items, one for each; empty where the part can't be made shorter
 * @param next the position to go on from; empty when this was the last part
 */
public record Page<T, P>(List<T> items, List<P> positions, Optional<P> next) {
  public Page {
    items = List.copyOf(items);
    positions = List.copyOf(positions);
    if (!positions.isEmpty() && positions.size() != items.size()) {
      throw new IllegalArgumentException("each item of a page has a position");
    }
  }

  /** A page of what a port answered when it was asked for one item more than the page holds. */
  public static <T, P> Page<T, P> of(List<T> oneMore, int limit, Function<T, P> position) {
    boolean last = oneMore.size() <= limit;
    List<T> items = last ? oneMore : oneMore.subList(0, limit);
    List<P> positions = items.stream().<P>map(position).toList();
    return new Page<>(
        items, positions, last ? Optional.empty() : Optional.of(positions.get(limit - 1)));
  }

  /** All there is. */
  public static <T, P> Page<T, P> whole(List<T> items) {
    return new Page<>(items, List.of(), Optional.empty());
  }

  /**
   * Its first items; the others come with the next page.
   *
   * @param count 1 and more
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
