package io.claviger.application.usage.port;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Refused calls that agree in some dimensions.
 *
 * @param of what they agree in; other dimensions are empty texts
 * @param calls how many, at least 1
 */
public record RefusalSum(Map<Dimension, String> of, long calls) {
  /** What refused calls are summed up by, in the order of the list. */
  public enum Dimension {
    DAY,
    USER,
    SERVICE,
    CODE;

    /** The name in JSON and in queries. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public RefusalSum {
    of = Map.copyOf(of);
  }

  /** The position in a list: a text for each dimension of {@link Dimension}. */
  public List<String> position() {
    return List.of(Dimension.values()).stream().map(d -> of.getOrDefault(d, "")).toList();
  }

  /** The dimensions in which the calls agree. */
  public Set<Dimension> dimensions() {
    return of.keySet();
  }
}
