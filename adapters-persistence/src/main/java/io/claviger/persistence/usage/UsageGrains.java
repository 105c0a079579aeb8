package io.claviger.persistence.usage;

import io.claviger.application.usage.port.UsageFilter;
import io.claviger.domain.accounts.User;
import io.claviger.domain.usage.UsageDimension;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The grains of stored sums; a grain says how finely the sums are divided. A request for usage is
 * answered from the coarsest grains that still distinguish the requested dimensions.
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

  private static final Set<UsageDimension> OF_SERVICES =
      EnumSet.of(UsageDimension.SERVICE, UsageDimension.PROJECT);

  /**
   * @param viewer the user who sees only some services; empty if the sums are about all services
   * @param callers whether the request distinguishes callers
   */
  static UsageGrains of(
      Optional<User.Id> viewer,
      UsageFilter filter,
      Set<UsageDimension> dimensions,
      boolean callers) {
    boolean models = !Collections.disjoint(dimensions, TOLD_BY_MODELS);
    if (callers) {
      return new UsageGrains(models ? "month_of_user_model" : "month_of_user", LINES);
    }
    boolean services =
        viewer.isPresent()
            || !Collections.disjoint(dimensions, OF_SERVICES)
            || filter.service().isPresent()
            || filter.project().isPresent();
    if (!services) {
      return new UsageGrains("month_of_model", "day_of_model");
    }
    return models
        ? new UsageGrains("month", "day")
        : new UsageGrains("month_of_service", "day_of_service");
  }
}
