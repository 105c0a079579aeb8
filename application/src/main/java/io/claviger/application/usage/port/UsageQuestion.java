package io.claviger.application.usage.port;

import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageMeasure;

/**
 * The parameters of an overview of usage.
 *
 * @param dimension the dimension by which usage is broken down, in addition to time; days and
 *     sources of keys are not allowed
 * @param ranked the measure by which users or objects are ranked
 * @param byMonth whether to sum up usage by month instead of by day
 * @param most the maximum number of ranked users or objects, at least 1
 */
public record UsageQuestion(
    UsageFilter filter, UsageDimension dimension, UsageMeasure ranked, boolean byMonth, int most) {
  public UsageQuestion {
    if (dimension == UsageDimension.DAY || dimension == UsageDimension.SOURCE || most < 1) {
      throw new IllegalArgumentException(
          "the dimension must not be DAY or SOURCE, and most must be at least 1");
    }
  }
}
