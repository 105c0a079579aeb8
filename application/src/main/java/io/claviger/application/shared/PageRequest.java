package io.claviger.application.shared;

import java.util.Optional;

/**
 * A request for a page of a list.
 *
 * @param after the position after which the page begins; if empty, the page is the first page
 * @param limit the maximum number of items, 1 to 200
 * @param <P> the type of a position in the list's total order
 */
public record PageRequest<P>(Optional<P> after, int limit) {
  public static final int DEFAULT_LIMIT = 50;
  public static final int MAX_LIMIT = 200;

  /**
   * The number at which counting stops. If a count equals this number, there might be more entries.
   */
  public static final int MOST_COUNTED = 10_000;

  /** Returns a request for the first page, with up to {@value #DEFAULT_LIMIT} items. */
  public static <P> PageRequest<P> first() {
    return new PageRequest<>(Optional.empty(), DEFAULT_LIMIT);
  }

  public PageRequest {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("a page must have 1 to 200 items");
    }
  }
}
