package io.claviger.domain.usage;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The sum of all usage that has the same values in certain dimensions.
 *
 * @param of the values in these dimensions. They contain the names that were valid at the time of
 *     the calls. A value is empty if the calls were not made through a project, or if the model is
 *     unknown
 */
public record UsageSum(Map<UsageDimension, String> of, UsageCounts counts) {
  public UsageSum {
    EnumMap<UsageDimension, String> copy = new EnumMap<>(UsageDimension.class);
    copy.putAll(of);
    of = Collections.unmodifiableMap(copy);
  }
}
