package io.claviger.imports.litellm;

import io.claviger.domain.ModelName;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.UsageModel;
import io.claviger.imports.litellm.jdbc.LiteLlmUsage;
import io.claviger.imports.litellm.jdbc.LiteLlmUsage.Row;
import io.claviger.imports.litellm.rules.AccessPlan;
import io.claviger.imports.litellm.rules.ModelTranslation;
import io.claviger.imports.shared.ImportedKind;
import io.claviger.imports.shared.IncomingUsage;
import io.claviger.imports.shared.IncomingUsage.Day;
import io.claviger.imports.shared.IncomingUsage.Span;
import io.claviger.imports.shared.ReportBuilder;
import io.claviger.imports.shared.ReportReason;
import io.claviger.imports.shared.SourceSnapshot;
import io.claviger.imports.shared.TargetStores;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads LiteLLM's usage user by user, and each user's usage month by month. Leaves out days whose
 * usage an earlier run imported. Only one user's usage in one month is in memory at a time.
 */
final class LiteLlmUsageReader implements Iterator<IncomingUsage> {
  private static final int MOST_NAMED = 20;

  /** The first day whose usage is read. LiteLLM did not exist before this day. */
  private static final LocalDate OLDEST = LocalDate.of(2000, 1, 1);

  private final Iterator<Row> rows;
  private final Span wanted;
  private final Map<String, List<Span>> imported;
  private final TargetStores stores;
  private final String source;
  private final Map<String, User> users = new HashMap<>();
  private final Map<String, ModelName> models;
  private final ReportBuilder report;
  private final Set<String> named = new LinkedHashSet<>();
  private long others;
  private String lastOther = "";
  private @Nullable Row ahead;

  /** The user of Claviger to whom the usage is attributed. */
  private record User(ImportedKind kind, String name, boolean merged) {}

  /**
   * @param wanted the range of days whose usage is read, given by its first and its last day
   * @param source the identity of LiteLLM's database
   */
  LiteLlmUsageReader(
      Iterator<Row> rows,
      Span wanted,
      String source,
      TargetStores stores,
      AccessPlan access,
      ModelTranslation.Result translated,
      ReportBuilder report) {
    this.rows = rows;
    this.wanted = wanted;
    this.imported = stores.usageFrom(source);
    this.stores = stores;
    this.source = source;
    this.report = report;
    access
        .users()
        .forEach(
            u ->
                users.put(
                    "u" + u.name(), new User(ImportedKind.USER, u.name(), u.known().isPresent())));
    access
        .accounts()
        .forEach(
            a ->
                users.put(
                    "t" + a.group(), new User(ImportedKind.SERVICE_ACCOUNT, a.name(), false)));
    this.models =
        translated.models().stream()
            .filter(model -> model.targets().stream().map(t -> t.model()).distinct().count() == 1)
            .collect(
                Collectors.toMap(
                    model -> model.alias().value(),
                    model -> model.targets().get(0).model(),
                    (one, other) -> one));
  }

  /**
   * Reads all usage from the day {@code first} on. Leaves out days that have not ended yet, and
   * days that Claviger no longer keeps.
   *
   * @param report the report, which gets an entry for all usage that is not imported
   */
  static Iterator<IncomingUsage> since(
      LocalDate first,
      Optional<LocalDate> kept,
      LocalDate today,
      SourceSnapshot snapshot,
      TargetStores stores,
      AccessPlan access,
      ModelTranslation.Result translated,
      ReportBuilder report) {
    LocalDate stated = earlier(later(first, OLDEST), today);
    LocalDate from = kept.map(day -> later(stated, day)).orElse(stated);
    if (!from.equals(stated)) {
      report.addRemark(
          ImportedKind.USAGE, stated + " to " + from.minusDays(1), ReportReason.NOT_KEPT, "");
    }
    report.addRemark(ImportedKind.USAGE, today.toString(), ReportReason.DAY_NOT_OVER, "");
    Span wanted = new Span(from, today.minusDays(1));
    LiteLlmUsage there = new LiteLlmUsage(snapshot, wanted);
    long unusable = there.unusable();
    if (unusable > 0) {
      report.countFound(ImportedKind.USAGE);
      report.addLeftOut(
          ImportedKind.USAGE,
          wanted.first() + " to " + wanted.last(),
          ReportReason.INVALID_USAGE,
          unusable + " rows");
    }
    return new LiteLlmUsageReader(
        there.rows(), wanted, snapshot.identity(), stores, access, translated, report);
  }

  @Override
  public boolean hasNext() {
    while (ahead == null && rows.hasNext()) {
      Row row = rows.next();
      Optional<User> user = user(row);
      if (user.isEmpty()) {
        skip(row);
      } else if (gap(user.get(), row.day()).isPresent()) {
        ahead = row;
      }
    }
    if (ahead == null) {
      reportOthers();
    }
    return ahead != null;
  }

  private void skip(Row row) {
    String team = row.team().isEmpty() ? "keys without user and team" : "team/" + row.team();
    String name = row.user().isEmpty() ? team : row.user();
    if (others == 0 || !name.equals(lastOther)) {
      lastOther = name;
      others++;
      if (named.size() < MOST_NAMED) {
        boolean unused = named.add(name);
      }
    }
  }

  private Optional<User> user(Row row) {
    return Optional.ofNullable(
        users.get(row.user().isEmpty() ? "tteam/" + row.team() : "u" + row.user()));
  }

  /**
   * Returns a range of consecutive days that contains the given day, lies within the given day's
   * month, and has no imported usage yet. Empty if the given day's usage was imported.
   */
  private Optional<Span> gap(User user, LocalDate day) {
    LocalDate first = later(wanted.first(), YearMonth.from(day).atDay(1));
    LocalDate last = earlier(wanted.last(), YearMonth.from(day).atEndOfMonth());
    for (Span span : imported.getOrDefault(user.name(), List.of())) {
      if (span.last().isBefore(day)) {
        first = later(first, span.last().plusDays(1));
      } else if (span.first().isAfter(day)) {
        last = earlier(last, span.first().minusDays(1));
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(new Span(first, last));
  }

  private static LocalDate later(LocalDate one, LocalDate other) {
    return one.isAfter(other) ? one : other;
  }

  private static LocalDate earlier(LocalDate one, LocalDate other) {
    return one.isBefore(other) ? one : other;
  }

  @Override
  public IncomingUsage next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Row begin = Objects.requireNonNull(ahead);
    User user = user(begin).orElseThrow();
    Span span = gap(user, begin.day()).orElseThrow();
    List<Day> days = new ArrayList<>();
    Map<String, Day> ofDay = new LinkedHashMap<>();
    LocalDate day = begin.day();
    while (hasNext()) {
      Row row = Objects.requireNonNull(ahead);
      if (!user(row).equals(Optional.of(user))
          || row.day().isBefore(span.first())
          || row.day().isAfter(span.last())) {
        break;
      }
      if (!row.day().equals(day)) {
        days.addAll(ofDay.values());
        ofDay.clear();
        day = row.day();
      }
      add(ofDay, row);
      ahead = null;
    }
    days.addAll(ofDay.values());
    return new IncomingUsage(stores, user.kind(), user.name(), user.merged(), span, source, days);
  }

  /**
   * Adds a row from LiteLLM to a day's usage. If the day already has the maximum number of models,
   * the row is added to the usage under {@link CountedModel#OTHER}.
   */
  private void add(Map<String, Day> ofDay, Row row) {
    CountedModel named = CountedModel.of(model(row));
    CountedModel model =
        ofDay.containsKey(named.key()) || ofDay.size() < CountedModel.MOST
            ? named
            : CountedModel.OTHER;
    Day added = new Day(row.day(), model, row.used());
    Day unused = ofDay.merge(model.key(), added, Day::plus);
  }

  /** Returns the provider's name for a model. Claviger counts calls under this name. */
  private UsageModel model(Row row) {
    ModelName known = models.get(row.alias());
    if (known != null) {
      return new UsageModel(known.value());
    }
    String name = row.model().isEmpty() ? row.alias() : row.model();
    String bare = name.substring(name.indexOf('/') + 1);
    return bare.isEmpty() ? UsageModel.UNKNOWN : UsageModel.called(bare);
  }

  /** Reports users who were not imported, because their usage is not imported either. */
  private void reportOthers() {
    if (others > 0) {
      report.countFound(ImportedKind.USAGE);
      report.addLeftOut(
          ImportedKind.USAGE,
          String.join(", ", named) + (others > named.size() ? ", …" : ""),
          ReportReason.USER_MISSING,
          others + " of them");
      others = 0;
    }
  }
}
