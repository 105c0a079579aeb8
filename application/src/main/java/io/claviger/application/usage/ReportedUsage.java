package io.claviger.application.usage;

import io.claviger.application.usage.port.UsagePosition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageRow;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The usage of an account on one day, as the sum over all calls of the same model at the same
 * prices. The source of the keys is left out if it is hidden from the reader.
 *
 * @param source the source of the key that was used; empty if the reader is not the caller, so that
 *     the usage is the sum over all sources of keys
 */
public record ReportedUsage(
    LocalDate day,
    UsageAccount account,
    Optional<KeySource> source,
    CountedModel model,
    PriceVersions prices,
    UsageCounts counts) {

  /**
   * The fields by which lines of usage of the same account and day differ if the source of keys is
   * hidden.
   */
  private record ModelAtPrice(CountedModel model, PriceVersions prices)
      implements Comparable<ModelAtPrice> {
    private static final Comparator<ModelAtPrice> ORDER =
        Comparator.comparing(ModelAtPrice::model)
            .thenComparingLong(line -> line.prices().forService())
            .thenComparingLong(line -> line.prices().forCallers());

    @Override
    public int compareTo(ModelAtPrice other) {
      return ORDER.compare(this, other);
    }
  }

  private static ReportedUsage of(UsageRow row, Optional<KeySource> source) {
    return new ReportedUsage(
        row.day(), row.account(), source, row.model(), row.prices(), row.counts());
  }

  /**
   * Returns usage as the reader may see it. If something was renamed during a day, rows of the same
   * account have different names. These rows are nevertheless combined, because the ids in their
   * positions are equal.
   *
   * @param rows the rows in the order of the list; for another user's account, these must be all
   *     rows of the account and day
   */
  static List<ReportedUsage> of(List<UsageRow> rows, User.Id reader) {
    Map<UsagePosition, List<UsageRow>> accounts = new LinkedHashMap<>();
    for (UsageRow row : rows) {
      boolean unused =
          accounts
              .computeIfAbsent(UsagePosition.of(row).beginning(), a -> new ArrayList<>())
              .add(row);
    }
    List<ReportedUsage> seen = new ArrayList<>(rows.size());
    accounts.forEach(
        (account, lines) -> {
          if (account.user().equals(reader.value())) {
            lines.forEach(row -> seen.add(of(row, row.sourceToldTo(Optional.of(reader)))));
          } else {
            Map<ModelAtPrice, UsageRow> sums = new TreeMap<>();
            for (UsageRow row : lines) {
              UsageRow unused =
                  sums.merge(
                      new ModelAtPrice(row.model(), row.prices()),
                      row,
                      (one, other) -> one.plus(other.counts()));
            }
            sums.values().forEach(row -> seen.add(of(row, row.sourceToldTo(Optional.of(reader)))));
          }
        });
    return seen;
  }

  /**
   * Returns the position in the list directly after this usage. The position does not reveal a
   * hidden source of keys.
   */
  UsagePosition position() {
    return new UsagePosition(
        day,
        account.user().value(),
        account.instance().value(),
        account.project().map(p -> p.id().value()).orElse(UsagePosition.NO_PROJECT),
        source.orElse(UsagePosition.UNTOLD),
        model,
        prices);
  }

  /**
   * Returns whether this usage comes after a position in the list. If the position is of a
   * different account or day, this usage always comes after the position.
   */
  boolean isAfter(UsagePosition position) {
    UsagePosition here = position();
    return !here.isOfSameAccount(position)
        || new ModelAtPrice(model, prices)
                .compareTo(new ModelAtPrice(position.model(), position.prices()))
            > 0;
  }
}
