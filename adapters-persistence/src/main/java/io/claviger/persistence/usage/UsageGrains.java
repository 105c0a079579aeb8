package io.claviger.persistence.usage;

import io.claviger.domain.usage.UsageDimension;
import java.util.Set;

/**
 * The sums, made in advance, that answer a question: the coarsest ones that distinguish what it
 * asks for.
 *
 * @param ofMonths the grain of months that are summed up
 * @param ofDays the grain of days that are; {@code line} where only the lines of callers will do
 */
record UsageGrains(String ofMonths, String ofDays) {
  private static final String LINES = "line";

  /**
   * @param callers whether there are separate lines for callers
   * @param services whether services or projects are, or only some of them count
   */
  static UsageGrains of(Set<UsageDimension> dimensions, boolean callers, boolean services) {
    boolean models =
        dimensions.contains(UsageDimension.MODEL) || dimensions.contains(UsageDimension.SOURCE);
    if (callers) {
      return new UsageGrains(models ? "month_of_user_model" : "month_of_user", LINES);
    }
    if (!services) {
      return new UsageGrains("month_of_model", "day_of_model");
    }
    return models
        ? new UsageGrains("month", "day")
        : new UsageGrains("month_of_service", "day_of_service");
  }
}
