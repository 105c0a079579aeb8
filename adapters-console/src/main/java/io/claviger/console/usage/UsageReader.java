package io.claviger.console.usage;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.usage.UsageFilter;
import io.claviger.application.usage.UsageReports;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageSum;
import io.claviger.web.problems.Problems;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads what a page of usage shows. Where there are few sums of things by days, these are all that
 * is read. Otherwise days and things are summed up apart from each other, and by days only the
 * things that the chart tells apart.
 */
final class UsageReader {
  /** The most sums of things by days, in pages of the use case. */
  private static final int FEW = 5;

  /** The most things, and the most sums of models by days, in pages of the use case. */
  private static final int MOST = 50;

  private final UsageReports reports;
  private final Actor actor;
  private final Span span;

  UsageReader(UsageReports reports, Actor actor, Span span) {
    this.reports = reports;
    this.actor = actor;
    this.span = span;
  }

  /**
   * What was used.
   *
   * @param complete whether all things could be read; the days always are
   */
  record Read(UsageTable table, boolean complete) {}

  Read read() {
    UsageTable small = new UsageTable(span.by(), span.measure());
    if (read(span.filter(), EnumSet.of(UsageDimension.DAY, span.by()), FEW, small::add)) {
      return new Read(small, true);
    }
    UsageTable table = new UsageTable(span.by(), span.measure());
    boolean unused =
        read(span.filter(), EnumSet.of(UsageDimension.DAY), Integer.MAX_VALUE, table::addDay);
    boolean complete = read(span.filter(), EnumSet.of(span.by()), MOST, table::addThing);
    chart(table);
    return new Read(table, complete);
  }

  private void chart(UsageTable table) {
    if (span.by() == UsageDimension.MODEL) {
      chartModels(table);
      return;
    }
    for (String thing : table.charted()) {
      only(thing)
          .ifPresent(
              filter ->
                  read(
                      filter,
                      EnumSet.of(UsageDimension.DAY),
                      Integer.MAX_VALUE,
                      sum -> table.addValue(thing, sum)));
    }
  }

  /** Usage can't be filtered by models. Where there is too much, the chart tells none apart. */
  private void chartModels(UsageTable table) {
    UsageTable models = new UsageTable(span.by(), span.measure());
    Set<String> charted = Set.copyOf(table.charted());
    if (read(span.filter(), EnumSet.of(UsageDimension.DAY, span.by()), MOST, models::add)) {
      charted.forEach(thing -> models.valuesOf(thing, table));
    }
  }

  /** The filter for one thing; empty for calls outside projects, which have no name. */
  private Optional<UsageFilter> only(String thing) {
    UsageFilter all = span.filter();
    try {
      return switch (span.by()) {
        case SERVICE ->
            Optional.of(
                new UsageFilter(
                    Optional.of(InstanceRef.of(thing)),
                    all.user(),
                    all.project(),
                    all.from(),
                    all.to()));
        case USER ->
            Optional.of(
                new UsageFilter(
                    all.service(),
                    Optional.of(new Handle(thing)),
                    all.project(),
                    all.from(),
                    all.to()));
        case PROJECT ->
            Optional.of(
                new UsageFilter(
                    all.service(),
                    all.user(),
                    Optional.of(ProjectRef.of(thing)),
                    all.from(),
                    all.to()));
        case DAY, SOURCE, MODEL -> Optional.empty();
      };
    } catch (InvalidValue e) {
      return Optional.empty();
    }
  }

  /**
   * Reads sums.
   *
   * @return whether these were all
   */
  private boolean read(
      UsageFilter filter, Set<UsageDimension> by, int mostPages, Consumer<UsageSum> taker) {
    Optional<List<String>> after = Optional.empty();
    for (int i = 0; i < mostPages; i++) {
      Page<UsageSum, List<String>> page =
          Problems.valueOf(
              reports.sums(actor, filter, by, new PageRequest<>(after, PageRequest.MAX_LIMIT)));
      page.items().forEach(taker);
      after = page.next();
      if (after.isEmpty()) {
        return true;
      }
    }
    return false;
  }
}
