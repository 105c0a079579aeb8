package io.claviger.application.shared;

import java.util.Optional;

/**
 * Selects a part of a list.
 *
 * @param after the position after which the page begins; empty for the first page
 * @param limit 1 to 200
 * @param <P> the type of a position in the total order of the list
 */
public record PageRequest<P>(Optional<P> after, int limit) {
  public static final int DEFAULT_LIMIT = 50;
  public static final int MAX_LIMIT = 200;

  /**
   * The number at which the counting of entries stops. The number at which counting stops. If a
   * count equals this number, the list may have more entries.
   */
  public static final int MOST_COUNTED = 10_000;

  /** The first page, of {@value #DEFAULT_LIMIT} items at most. */
  public static <P> PageRequest<P> first() {
    return new PageRequest<>(Optional.empty(), DEFAULT_LIMIT);
  }

  public PageRequest {
    if (limit < 1 || limit > MAX_LIMIT) {
      throw new IllegalArgumentException("a page has 1 to 200 items");
    }
  }
}
