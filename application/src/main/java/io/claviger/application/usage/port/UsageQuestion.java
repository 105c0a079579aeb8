package io.claviger.application.usage.port;

import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageMeasure;

/**
 * A question that an overview of usage answers.
 *
 * @param dimension the dimension by which usage is broken down in addition to the time; days and
 *     sources of keys are not allowed as dimensions
 * @param ranked the measure by which users or objects are ranked
 * @param byMonth whether usage is summed up by month instead of by day
 * @param most the greatest number of users or objects in the breakdown, 1 or more
 */
public record UsageQuestion(
    UsageFilter filter, UsageDimension dimension, UsageMeasure ranked, boolean byMonth, int most) {
  public UsageQuestion {
    if (dimension == UsageDimension.DAY || dimension == UsageDimension.SOURCE || most < 1) {
      throw new IllegalArgumentException("users, services, projects or models, at least one");
    }
  }
}
