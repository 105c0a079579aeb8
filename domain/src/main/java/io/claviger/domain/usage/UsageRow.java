package io.claviger.domain.usage;

import io.claviger.domain.accounts.User;
import io.claviger.domain.policy.KeySource;
import java.time.LocalDate;
import java.util.Optional;

/**
 * The usage of one account on one day, for calls with the same model, prices and source of the key.
 *
 * @param day the day in UTC
 * @param prices the versions of the prices at which the calls were charged. Empty if there was no
 *     price, or if the calls were counted before Claviger stored versions
 */
public record UsageRow(
    LocalDate day,
    UsageAccount account,
    KeySource source,
    CountedModel model,
    PriceVersions prices,
    UsageCounts counts) {

  /**
   * Returns the source of the key that was used; empty if the reader may not see it. Only the
   * caller may see the source, because others must not know whether the caller has stored their own
   * key.
   *
   * @param reader the user who reads the usage; empty if the reader may read everybody's usage
   */
  public Optional<KeySource> sourceToldTo(Optional<User.Id> reader) {
    return reader.filter(account.user()::equals).map(caller -> source);
  }

  public UsageRow plus(UsageCounts more) {
    return new UsageRow(day, account, source, model, prices, counts.plus(more));
  }

  /** Returns this usage, counted under the model name {@code other}. */
  public UsageRow ofOtherModel() {
    return new UsageRow(day, account, source, CountedModel.OTHER, prices, counts);
  }
}
