package io.claviger.persistence.usage;

import io.claviger.domain.usage.UsageDimension;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The grains of the stored sums from which a request for usage is answered: the coarsest grains
 * that still distinguish the requested dimensions.
 *
 * @param ofMonths the grain to read for months that have sums
 * @param ofDays the grain to read for days that have sums; {@code line} if only the lines of single
 *     callers suffice
 */
record UsageGrains(String ofMonths, String ofDays) {
  static final String LINES = "line";

  /** The dimensions that only the sums by model and source distinguish. */
  private static final Set<UsageDimension> TOLD_BY_MODELS =
      EnumSet.of(
          UsageDimension.SOURCE,
          UsageDimension.MODEL,
          UsageDimension.ANSWERED_MODEL,
          UsageDimension.SERVICE_TIER);

  /**
   * @param callers whether the request distinguishes callers
   * @param services whether the request distinguishes services or projects, or filters by them
   */
  static UsageGrains of(Set<UsageDimension> dimensions, boolean callers, boolean services) {
    boolean models = !Collections.disjoint(dimensions, TOLD_BY_MODELS);
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
