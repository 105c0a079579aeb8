package io.claviger.domain.usage;

import io.claviger.domain.accounts.User;
import io.claviger.domain.policy.KeySource;
import java.time.LocalDate;
import java.util.Optional;

/**
 * The usage of one account with one source of keys and one model on one day, at the same prices.
 *
 * @param day the day in UTC
 * @param prices the versions of the prices by which the calls were charged; empty if there was no
 *     price, or if the calls were counted at a time when versions were not stored yet
 */
public record UsageRow(
    LocalDate day,
    UsageAccount account,
    KeySource source,
    CountedModel model,
    PriceVersions prices,
    UsageCounts counts) {

  /**
   * Returns the source of the key that was used; empty if the reader is not allowed to see it. Only
   * the caller may see it, because other people may not know whether the caller has stored their
   * own key.
   *
   * @param reader the user who reads the usage; empty for a person who reads everybody's usage
   */
  public Optional<KeySource> sourceToldTo(Optional<User.Id> reader) {
    return reader.filter(account.user()::equals).map(caller -> source);
  }

  public UsageRow plus(UsageCounts more) {
    return new UsageRow(day, account, source, model, prices, counts.plus(more));
  }

  /** Returns the same usage, counted under the name {@code other}. */
  public UsageRow ofOtherModel() {
    return new UsageRow(day, account, source, CountedModel.OTHER, prices, counts);
  }
}
