package io.claviger.application.usage.port;

import io.claviger.domain.usage.UsageCounts;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Usage over time, both in total and for the users or objects with the most usage.
 *
 * @param all the total usage by day or by the first day of each month; days or months without usage
 *     are left out
 * @param most the users or objects with the most usage, the largest usage first
 * @param things the number of all users or objects that have usage
 */
public record UsageOverview(SortedMap<LocalDate, UsageCounts> all, List<Series> most, long things) {
  /** An overview without usage. */
  public static final UsageOverview NOTHING = new UsageOverview(new TreeMap<>(), List.of(), 0);

  public UsageOverview {
    all = Collections.unmodifiableSortedMap(new TreeMap<>(all));
    most = List.copyOf(most);
  }

  /**
   * The usage of a user or object.
   *
   * @param name the name that the user or object had at the time of the calls; empty for calls
   *     outside of projects, or for calls whose model is unknown
   */
  public record Series(String name, SortedMap<LocalDate, UsageCounts> counts) {
    public Series {
      counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }

    public UsageCounts sum() {
      return UsageOverview.sum(counts);
    }
  }

  public UsageCounts sum() {
    return sum(all);
  }

  private static UsageCounts sum(SortedMap<LocalDate, UsageCounts> counts) {
    return counts.values().stream().reduce(UsageCounts.NONE, UsageCounts::plus);
  }
}
