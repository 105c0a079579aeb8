package io.claviger.domain.bills;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The figures that a provider stated for some days. The figures are always complete, because a
 * failed download has no result.
 *
 * @param usage the usage; each combination of day, model, key and tier occurs once
 * @param costs the costs, in which each line occurs once
 * @param readAt when the figures were requested from the provider
 */
public record ProviderFigures(List<BilledUsage> usage, List<BilledCost> costs, Instant readAt) {
  /**
   * The maximum number of usage rows for one day, and also the maximum number of cost lines for one
   * day.
   */
  public static final int MOST_A_DAY = 1_000;

  public ProviderFigures {
    usage = List.copyOf(usage);
    costs = List.copyOf(costs);
    Set<Object> seen = new HashSet<>();
    if (!usage.stream().allMatch(row -> seen.add(row.subject()))
        || !costs.stream().allMatch(row -> seen.add(row.line()))) {
      throw new IllegalArgumentException("the figures contain a row twice");
    }
  }
}
