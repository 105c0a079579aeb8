package io.claviger.application.usage.port;

import io.claviger.domain.WireNamed;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The number of refused calls that have the same value in each of the given dimensions.
 *
 * @param of the value that the calls have in common in each of these dimensions
 * @param calls the number of calls, at least 1
 */
public record RefusalSum(Map<Dimension, String> of, long calls) {
  /**
   * The dimensions by which refused calls can be summed up, in the order in which lists are sorted
   * by them.
   */
  public enum Dimension implements WireNamed {
    DAY,
    USER,
    SERVICE,
    CODE
  }

  public RefusalSum {
    of = Map.copyOf(of);
  }

  /**
   * Returns the sum's position in a list. The position has a text for each {@link Dimension}. The
   * text is empty for dimensions that are not in {@link #of}.
   */
  public List<String> position() {
    return List.of(Dimension.values()).stream().map(d -> of.getOrDefault(d, "")).toList();
  }

  /** Returns the dimensions by which the calls were summed up. */
  public Set<Dimension> dimensions() {
    return of.keySet();
  }
}
