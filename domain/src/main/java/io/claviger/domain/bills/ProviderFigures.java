package io.claviger.domain.bills;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a provider said about some days, whole: a reading that failed anywhere gives none.
 *
 * @param usage each subject once
 * @param costs each line once
 * @param readAt when the provider was asked
 */
public record ProviderFigures(List<BilledUsage> usage, List<BilledCost> costs, Instant readAt) {
  /** The most rows of usage, and the most lines of costs, that one day may have. */
  public static final int MOST_A_DAY = 1_000;

  public ProviderFigures {
    usage = List.copyOf(usage);
    costs = List.copyOf(costs);
    Set<Object> seen = new HashSet<>();
    if (!usage.stream().allMatch(row -> seen.add(row.subject()))
        || !costs.stream().allMatch(row -> seen.add(row.line()))) {
      throw new IllegalArgumentException("the same row twice");
    }
  }
}
