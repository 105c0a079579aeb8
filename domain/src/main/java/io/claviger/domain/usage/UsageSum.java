package io.claviger.domain.usage;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The sum of all usage with the same values in certain dimensions.
 *
 * @param of the value of each of these dimensions. Names are the names at the time of the calls. A
 *     value is empty if the calls used no project, or if the model is unknown
 */
public record UsageSum(Map<UsageDimension, String> of, UsageCounts counts) {
  public UsageSum {
    EnumMap<UsageDimension, String> copy = new EnumMap<>(UsageDimension.class);
    copy.putAll(of);
    of = Collections.unmodifiableMap(copy);
  }
}
