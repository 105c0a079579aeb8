package io.claviger.application.usage.port;

import io.claviger.domain.WireNamed;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The sum of the refused calls that have the same values in some dimensions.
 *
 * @param of the dimensions in which all these calls have the same value, each with that value
 * @param calls the number of calls, at least 1
 */
public record RefusalSum(Map<Dimension, String> of, long calls) {
  /**
   * The dimensions over which refused calls can be summed, in the order in which lists are sorted.
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
   * Returns the position in a list: a text for each {@link Dimension}, which is empty for
   * dimensions in which the calls differ.
   */
  public List<String> position() {
    return List.of(Dimension.values()).stream().map(d -> of.getOrDefault(d, "")).toList();
  }

  /** Returns the dimensions in which all these calls have the same value. */
  public Set<Dimension> dimensions() {
    return of.keySet();
  }
}
