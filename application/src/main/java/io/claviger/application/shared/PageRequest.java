package io.claviger.application.shared;

import java.util.Optional;

/**
 * Which part of a list to return.
 *
 * @param after the position after which the page begins; empty for the first page
 * @param limit 1 to 200
 * @param <P> the position in the list's total order
 */
public record PageRequest<P>(Optional<P> after, int limit) {
  public static final int DEFAULT_LIMIT = 50;
  public static final int MAX_LIMIT = 200;

  /**
   * The number at which the counting of entries stops. A count that equals this number means that
   * there may be more entries.
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
