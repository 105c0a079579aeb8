package io.claviger.application.fakes;

import io.claviger.application.usage.UsageFilter;
import io.claviger.application.usage.UsagePosition;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageModel;
import io.claviger.domain.usage.UsageRow;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@link UsageStore} in memory. */
public final class InMemoryUsage implements UsageStore {
  /** Sorts as PostgreSQL does: UUIDs by their bytes, sources by their names. */
  private static final Comparator<UsagePosition> ORDER =
      Comparator.comparing(UsagePosition::day)
          .thenComparing(p -> p.user().toString())
          .thenComparing(p -> p.service().toString())
          .thenComparing(p -> p.project().toString())
          .thenComparing(p -> p.source().wireName())
          .thenComparing(UsagePosition::model);

  private final InMemoryTransactions transactions;

  public InMemoryUsage(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public void add(Batch batch) {
    transactions.run(
        t -> {
          if (t.usageWriters.getOrDefault(batch.writer(), 0L) < batch.number()) {
            t.usageWriters.put(batch.writer(), batch.number());
            for (UsageRow each : batch.rows()) {
              UsageRow row = bounded(t, each);
              t.usage.merge(UsagePosition.of(row), row, (old, more) -> old.plus(more.counts()));
            }
          }
        });
  }

  @Override
  public List<UsageRow> find(
      Optional<UserId> viewer, UsageFilter filter, Optional<UsagePosition> after, int limit) {
    return transactions.read(
        t ->
            t.usage.values().stream()
                .filter(row -> viewer.isEmpty() || concerns(row.account(), viewer.get()))
                .map(row -> viewer.map(v -> named(t, row, v)).orElse(row))
                .filter(row -> passes(row, filter))
                .filter(
                    row -> after.isEmpty() || ORDER.compare(UsagePosition.of(row), after.get()) > 0)
                .sorted(Comparator.comparing(UsagePosition::of, ORDER))
                .limit(limit)
                .toList());
  }

  private static UsageRow bounded(Tables tables, UsageRow row) {
    Set<UsageModel> known =
        tables.usageModels.computeIfAbsent(
            row.day() + " " + row.account().instance().value(), key -> new HashSet<>());
    boolean told =
        !row.model().isKnown()
            || known.contains(row.model())
            || (known.size() < UsageModel.MOST && known.add(row.model()));
    return told
        ? row
        : new UsageRow(row.day(), row.account(), row.source(), UsageModel.OTHER, row.counts());
  }

  private static boolean concerns(UsageAccount account, UserId viewer) {
    return account.user().equals(viewer)
        || account.owner().equals(viewer)
        || account.project().filter(p -> p.owner().equals(viewer)).isPresent();
  }

  /** The row without what the viewer must not see. */
  private static UsageRow named(Tables tables, UsageRow row, UserId viewer) {
    UsageAccount account = row.account();
    boolean known =
        account.project().isEmpty()
            || account.owner().equals(viewer)
            || account.owner().equals(UserId.SYSTEM)
            || tables
                .share(account.instance(), viewer)
                .filter(share -> !share.expiredAt(Instant.now()))
                .isPresent();
    return known
        ? row
        : new UsageRow(
            row.day(),
            new UsageAccount(
                account.user(),
                account.handle(),
                account.instance(),
                InstanceRef.of(account.project().orElseThrow().ref().toString()),
                account.owner(),
                account.project()),
            row.source(),
            row.model(),
            row.counts());
  }

  private static boolean passes(UsageRow row, UsageFilter filter) {
    UsageAccount account = row.account();
    return filter.service().filter(s -> !s.equals(account.ref())).isEmpty()
        && filter.user().filter(u -> !u.equals(account.handle())).isEmpty()
        && (filter.project().isEmpty()
            || account.project().map(UsageAccount.ThroughProject::ref).equals(filter.project()))
        && filter.from().filter(row.day()::isBefore).isEmpty()
        && filter.to().filter(row.day()::isAfter).isEmpty();
  }
}
