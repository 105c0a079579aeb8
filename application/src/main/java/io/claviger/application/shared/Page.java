package io.claviger.application.shared;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A part of a list.
 *
 * @param next the position to go on from; empty when this was the last part
 */
public record Page<T, P>(List<T> items, Optional<P> next) {
  public Page {
    items = List.copyOf(items);
  }

  /** A page of what a port answered when it was asked for one item more than the page holds. */
  public static <T, P> Page<T, P> of(List<T> oneMore, int limit, Function<T, P> position) {
    if (oneMore.size() <= limit) {
      return new Page<>(oneMore, Optional.empty());
    }
    List<T> items = oneMore.subList(0, limit);
    return new Page<>(items, Optional.of(position.apply(items.get(limit - 1))));
  }

  public <R> Page<R, P> map(Function<? super T, ? extends R> change) {
    return new Page<>(items.stream().<R>map(change).toList(), next);
  }
}
