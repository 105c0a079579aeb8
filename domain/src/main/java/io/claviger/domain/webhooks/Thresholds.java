package io.claviger.domain.webhooks;

import io.claviger.domain.InvalidValue;
import java.util.Collection;
import java.util.List;

/**
 * The thresholds of a budget, in percent of its amount. A message is sent when the use of the
 * budget reaches a threshold.
 *
 * @param percents 1 to 10 numbers from 1 to 100, in ascending order
 */
public record Thresholds(List<Integer> percents) {
  public static final Thresholds USUAL = new Thresholds(List.of(50, 80, 100));
  private static final int MOST = 10;

  /**
   * @throws InvalidValue if a threshold is out of bounds
   */
  public Thresholds {
    boolean inBounds = percents.stream().allMatch(percent -> percent >= 1 && percent <= 100);
    boolean ascending = percents.stream().sorted().distinct().toList().equals(percents);
    if (!inBounds || !ascending || percents.isEmpty() || percents.size() > MOST) {
      throw invalid();
    }
    percents = List.copyOf(percents);
  }

  /**
   * Creates thresholds from numbers in any order.
   *
   * @throws InvalidValue if a threshold is out of bounds, or if a threshold is given twice
   */
  public static Thresholds of(Collection<Integer> given) {
    return new Thresholds(given.stream().sorted().toList());
  }

  public static InvalidValue invalid() {
    return new InvalidValue(
        "thresholds", "1 to 10 different whole numbers, from 1 to 100 each: percent of a budget");
  }
}
