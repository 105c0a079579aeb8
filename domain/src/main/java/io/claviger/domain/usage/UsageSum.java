package io.claviger.domain.usage;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The sum of all usage with the same values in some dimensions.
 *
 * @param of the values of these dimensions, with the names at the time of the calls. The value is
 *     empty for calls without a project, or without a known model
 */
public record UsageSum(Map<UsageDimension, String> of, UsageCounts counts) {
  public UsageSum {
    EnumMap<UsageDimension, String> copy = new EnumMap<>(UsageDimension.class);
    copy.putAll(of);
    of = Collections.unmodifiableMap(copy);
  }
}
