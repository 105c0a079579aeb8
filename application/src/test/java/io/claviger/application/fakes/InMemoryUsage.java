package io.claviger.application.fakes;

import io.claviger.application.fakes.Tables.NamedModel;
import io.claviger.application.routing.port.ModelListStore.FetchedModelList;
import io.claviger.application.routing.port.ModelListStore.ListOf;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.usage.port.AccountCharge;
import io.claviger.application.usage.port.RefusalSum;
import io.claviger.application.usage.port.RefusedCalls;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsageOverview;
import io.claviger.application.usage.port.UsagePosition;
import io.claviger.application.usage.port.UsageQuestion;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.routing.ModelList;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageMeasure;
import io.claviger.domain.usage.UsageRow;
import io.claviger.domain.usage.UsageSum;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** {@link UsageStore} in memory. */
public final class InMemoryUsage implements UsageStore {
  /** Sorts as PostgreSQL does: UUIDs by their bytes, sources by their names. */
  private static final Comparator<UsagePosition> ORDER =
      Comparator.comparing(UsagePosition::day)
          .thenComparing(p -> p.user().toString())
          .thenComparing(p -> p.service().toString())
          .thenComparing(p -> p.project().toString())
          .thenComparing(p -> p.source().wireName())
          .thenComparing(UsagePosition::model)
          .thenComparing(p -> p.prices().forService())
          .thenComparing(p -> p.prices().forCallers());

  private final InMemoryTransactions transactions;
  private final List<CountedRefusals> refused = new CopyOnWriteArrayList<>();
  private volatile boolean slow;

  public InMemoryUsage(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  /** Adds rows that no other batch has. */
  public void add(UsageRow... rows) {
    add(UsageBatch.alone(List.of(rows)));
  }

  @Override
  public void add(UsageBatch batch) {
    transactions.run(
        t -> {
          if (t.usageWriters.getOrDefault(batch.writer(), 0L) < batch.number()) {
            t.usageWriters.put(batch.writer(), batch.number());
            for (AccountCharge charge : batch.charges()) {
              t.usageCharges.merge(
                  charge.account() + " " + charge.quarter(), charge, InMemoryUsage::sum);
            }
            refused.addAll(batch.refusals());
            for (UsageRow each : batch.rows()) {
              UsageRow row = bounded(t, each);
              t.usage.merge(UsagePosition.of(row), row, (old, more) -> old.plus(more.counts()));
            }
          }
        });
  }

  @Override
  public List<RefusalSum> refusalSums(
      RefusalFilter filter,
      Set<RefusalSum.Dimension> dimensions,
      Optional<List<String>> after,
      int limit) {
    Map<Map<RefusalSum.Dimension, String>, Long> sums = new LinkedHashMap<>();
    for (RefusedCalls each : refusals(filter, Optional.empty(), Integer.MAX_VALUE)) {
      Map<RefusalSum.Dimension, String> of = new EnumMap<>(RefusalSum.Dimension.class);
      for (RefusalSum.Dimension dimension : dimensions) {
        of.put(
            dimension,
            switch (dimension) {
              case DAY -> each.day().toString();
              case USER -> each.user().value();
              case SERVICE -> each.service().toString();
              case CODE -> each.code();
            });
      }
      long unused = sums.merge(of, each.calls(), Long::sum);
    }
    return sums.entrySet().stream()
        .map(sum -> new RefusalSum(sum.getKey(), sum.getValue()))
        .sorted(Comparator.comparing(sum -> String.join("\u0000", sum.position())))
        .filter(
            sum ->
                after.isEmpty()
                    || String.join("\u0000", sum.position())
                            .compareTo(String.join("\u0000", after.get()))
                        > 0)
        .limit(limit)
        .toList();
  }

  @Override
  public List<RefusedCalls> refusals(
      RefusalFilter filter, Optional<List<String>> after, int limit) {
    return refused.stream()
        .filter(
            each -> filter.owner().isEmpty() || filter.owner().get().equals(each.account().owner()))
        .filter(each -> filter.code().isEmpty() || filter.code().get().equals(each.code()))
        .map(
            each ->
                new RefusedCalls(
                    each.day(),
                    each.account().handle(),
                    each.account().ref(),
                    each.code(),
                    each.calls()))
        .limit(limit)
        .toList();
  }

  @Override
  public List<UsageRow> find(
      Optional<User.Id> viewer, UsageFilter filter, Optional<UsagePosition> after, int limit) {
    return listed(
        viewer, filter, here -> after.isEmpty() || ORDER.compare(here, after.get()) > 0, limit);
  }

  @Override
  public List<UsageRow> findFrom(
      Optional<User.Id> viewer, UsageFilter filter, UsagePosition first, int limit) {
    return listed(viewer, filter, here -> ORDER.compare(here, first) >= 0, limit);
  }

  private List<UsageRow> listed(
      Optional<User.Id> viewer, UsageFilter filter, Predicate<UsagePosition> from, int limit) {
    return transactions.read(
        t ->
            t.usage.values().stream()
                .filter(row -> viewer.isEmpty() || concerns(row.account(), viewer.get()))
                .map(row -> viewer.map(v -> named(t, row, v)).orElse(row))
                .filter(row -> filter.group().isEmpty() && passes(row, filter))
                .filter(row -> from.test(UsagePosition.of(row)))
                .sorted(Comparator.comparing(UsagePosition::of, ORDER))
                .limit(limit)
                .toList());
  }

  private static AccountCharge sum(AccountCharge one, AccountCharge more) {
    return new AccountCharge(
        one.account(),
        one.quarter(),
        one.requests() + more.requests(),
        one.tokens() + more.tokens(),
        one.nanoDollars() + more.nanoDollars());
  }

  @Override
  public List<UsageSum> sums(
      Optional<User.Id> viewer,
      UsageFilter filter,
      Set<UsageDimension> dimensions,
      Optional<List<String>> after,
      int limit) {
    Map<List<String>, UsageCounts> sums = new TreeMap<>(InMemoryUsage::compare);
    for (UsageRow row : find(viewer, filter, Optional.empty(), Integer.MAX_VALUE)) {
      UsageCounts unused =
          sums.merge(position(row, dimensions, viewer), row.counts(), UsageCounts::plus);
    }
    return sums.entrySet().stream()
        .filter(e -> after.isEmpty() || compare(e.getKey(), after.get()) > 0)
        .limit(limit)
        .map(e -> new UsageSum(named(dimensions, e.getKey()), e.getValue()))
        .toList();
  }

  /** From now on overviews take the database too long, or do not any more. */
  public void takeTooLong(boolean whether) {
    slow = whether;
  }

  @Override
  public UsageOverview overview(Optional<User.Id> viewer, UsageQuestion question) {
    if (slow) {
      throw new QueryTimeout(new IllegalStateException("slow"));
    }
    return overview(
        find(viewer, question.filter(), Optional.empty(), Integer.MAX_VALUE), viewer, question);
  }

  /** The overview of these rows, whatever the filter of the question is. */
  public static UsageOverview overview(
      List<UsageRow> rows, Optional<User.Id> viewer, UsageQuestion question) {
    SortedMap<LocalDate, UsageCounts> all = new TreeMap<>();
    Map<String, SortedMap<LocalDate, UsageCounts>> things = new TreeMap<>();
    for (UsageRow row : rows) {
      LocalDate time = question.byMonth() ? row.day().withDayOfMonth(1) : row.day();
      UsageCounts unused = all.merge(time, row.counts(), UsageCounts::plus);
      unused =
          things
              .computeIfAbsent(in(question.dimension(), row, viewer), name -> new TreeMap<>())
              .merge(time, row.counts(), UsageCounts::plus);
    }
    List<UsageOverview.Series> ranked =
        things.entrySet().stream()
            .map(each -> new UsageOverview.Series(each.getKey(), each.getValue()))
            .sorted(
                Comparator.comparing(
                        (UsageOverview.Series each) -> amount(question.ranked(), each.sum()))
                    .reversed()
                    .thenComparing(UsageOverview.Series::name))
            .limit(question.most())
            .toList();
    return new UsageOverview(all, ranked, things.size());
  }

  private static long amount(UsageMeasure ranked, UsageCounts counts) {
    return switch (ranked) {
      case REQUESTS -> counts.requests();
      case TOKENS -> counts.inputTokens() + counts.outputTokens();
      case COST -> counts.cost().cost();
    };
  }

  private static Map<UsageDimension, String> named(
      Set<UsageDimension> dimensions, List<String> key) {
    Map<UsageDimension, String> of = new EnumMap<>(UsageDimension.class);
    List<UsageDimension> ordered = dimensions.stream().sorted().toList();
    for (int i = 0; i < key.size(); i++) {
      of.put(ordered.get(i), key.get(i));
    }
    return of;
  }

  /** What a row is in each of the dimensions, as the viewer is told. */
  public static List<String> position(
      UsageRow row, Set<UsageDimension> dimensions, Optional<User.Id> viewer) {
    return dimensions.stream().sorted().map(dimension -> in(dimension, row, viewer)).toList();
  }

  private static String in(UsageDimension dimension, UsageRow row, Optional<User.Id> viewer) {
    return switch (dimension) {
      case DAY -> row.day().toString();
      case USER -> row.account().handle().value();
      case SERVICE -> row.account().ref().toString();
      case PROJECT -> row.account().project().map(p -> p.ref().toString()).orElse("");
      case SOURCE -> row.sourceToldTo(viewer).map(KeySource::wireName).orElse("");
      case MODEL -> row.model().called().name();
      case ANSWERED_MODEL -> row.model().answered().name();
      case SERVICE_TIER -> row.model().unusualTier();
    };
  }

  /** Compares two positions in the same dimensions. */
  public static int compare(List<String> one, List<String> other) {
    for (int i = 0; i < one.size(); i++) {
      int order = one.get(i).compareTo(other.get(i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  /** Sums are always made of all rows here. */
  @Override
  public int rollUp(int most) {
    return 0;
  }

  @Override
  public int removeOldCharges() {
    return 0;
  }

  private static UsageRow bounded(Tables tables, UsageRow row) {
    Map<CountedModel, NamedModel> known =
        tables.usageModels.computeIfAbsent(
            row.day() + " " + row.account().instance().value(), key -> new HashMap<>());
    if (!row.model().isKnown() || known.containsKey(row.model())) {
      return row;
    }
    NamedModel named = named(tables, row);
    if (known.size() >= CountedModel.MOST || isOverdone(tables, row, named, known.values())) {
      return row.ofOtherModel();
    }
    known.put(row.model(), named);
    return row;
  }

  private static NamedModel named(Tables tables, UsageRow row) {
    User.Id user = row.account().user();
    return new NamedModel(
        user.equals(row.account().owner()) ? Optional.empty() : Optional.of(user),
        offered(tables, row)
            .filter(list -> list.contains(row.model().called().name()))
            .isPresent());
  }

  private static Optional<ModelList> offered(Tables tables, UsageRow row) {
    return Optional.ofNullable(
            tables.modelLists.get(new ListOf(row.account().instance(), Optional.empty())))
        .flatMap(InMemoryModelLists.StoredList::listed)
        .map(FetchedModelList::models)
        .filter(list -> list.size() > 0);
  }

  private static boolean isOverdone(
      Tables tables, UsageRow row, NamedModel named, Collection<NamedModel> known) {
    boolean ofOne =
        named.by().isPresent()
            && known.stream().filter(n -> n.by().equals(named.by())).count()
                >= CountedModel.MOST_OF_ONE;
    boolean unlisted =
        !named.listed()
            && offered(tables, row).isPresent()
            && known.stream().filter(n -> !n.listed()).count() >= CountedModel.MOST_UNLISTED;
    return ofOne || unlisted;
  }

  private static boolean concerns(UsageAccount account, User.Id viewer) {
    return account.user().equals(viewer)
        || account.owner().equals(viewer)
        || account.project().filter(p -> p.owner().equals(viewer)).isPresent();
  }

  /** The row without what the viewer must not see. */
  private static UsageRow named(Tables tables, UsageRow row, User.Id viewer) {
    UsageAccount account = row.account();
    boolean known =
        account.project().isEmpty()
            || account.owner().equals(viewer)
            || account.owner().equals(User.Id.SYSTEM)
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
                Instance.Ref.of(account.project().orElseThrow().ref().toString()),
                account.owner(),
                account.project()),
            row.source(),
            row.model(),
            row.prices(),
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
