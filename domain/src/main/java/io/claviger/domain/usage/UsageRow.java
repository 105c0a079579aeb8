package io.claviger.domain.usage;

import io.claviger.domain.policy.KeySource;
import java.time.LocalDate;

/**
 * The usage of one account with one source of keys and one model on one day.
 *
 * @param day the day in UTC
 */
public record UsageRow(
    LocalDate day, UsageAccount account, KeySource source, UsageModel model, UsageCounts counts) {
  public UsageRow plus(UsageCounts more) {
    return new UsageRow(day, account, source, model, counts.plus(more));
  }
}
