package io.claviger.application.usage.port;

import io.claviger.domain.WireNamed;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The number of refused calls with the same values in some dimensions.
 *
 * @param of the dimensions with a common value of the calls, each with this value
 * @param calls the number of calls, at least 1
 */
public record RefusalSum(Map<Dimension, String> of, long calls) {
  /** The dimensions by which refused calls can be summed up, in the sort order of lists. */
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
   * Returns the position in a list: a text for each {@link Dimension}, empty for dimensions without
   * a common value.
   */
  public List<String> position() {
    return List.of(Dimension.values()).stream().map(d -> of.getOrDefault(d, "")).toList();
  }

  /** Returns the dimensions with a common value of the calls. */
  public Set<Dimension> dimensions() {
    return of.keySet();
  }
}
