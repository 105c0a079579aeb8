package io.claviger.console.usage;

import io.claviger.application.shared.Actor;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsageOverview;
import io.claviger.console.page.Area;
import io.claviger.console.page.BarChart;
import io.claviger.console.page.Links;
import io.claviger.console.page.Numbers;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageDimension;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Recent usage, for pages that mainly show something else. If the database takes too long to
 * answer, these pages leave the usage out.
 */
public final class RecentUsage {
  private static final int DAYS = 30;
  private static final int MOST = 5;

  private final UsageReports reports;

  public RecentUsage(UsageReports reports) {
    this.reports = reports;
  }

  /**
   * The usage of a period, as pages summarize it.
   *
   * @param figures several sums of the usage, each with its name; the first sum is for the period
   *     of the chart
   * @param chart the chart; null if nothing was used
   * @param top the services or models with the most usage, in descending order
   * @param ranking the quantity by which {@code top} is ranked, in words
   * @param path the address of the page that shows more of the usage
   * @param byPerson the page that shows the usage of each person
   */
  public record RecentView(
      List<Figure> figures,
      @Nullable BarChart chart,
      List<Figure> top,
      String ranking,
      String path,
      String byPerson) {
    public RecentView {
      figures = List.copyOf(figures);
      top = List.copyOf(top);
    }
  }

  public record Figure(String name, String amount) {}

  /**
   * Returns the usage of this month and of the month before; empty if nothing was used in either
   * month.
   */
  public Optional<RecentView> month(Actor actor, LocalDate today) {
    LocalDate first = today.withDayOfMonth(1);
    LocalDate before = first.minusMonths(1);
    Span costs = costs(Optional.empty(), first, today, UsageDimension.SERVICE);
    UsageOverview last =
        read(actor, costs(Optional.empty(), before, first.minusDays(1), UsageDimension.SERVICE));
    UsageOverview now = read(actor, costs);
    if (now.all().isEmpty() && last.all().isEmpty()) {
      return Optional.empty();
    }
    Span span = costs;
    if (!isPriced(now) && !isPriced(last)) {
      span = costs.showing(Measure.REQUESTS);
      now = read(actor, span);
    }
    LocalDate sameDay = before.plusDays(today.getDayOfMonth());
    SortedMap<LocalDate, UsageCounts> until = last.all().headMap(sameDay);
    Measure measure = span.measure();
    return Optional.of(
        view(
            span,
            now,
            List.of(
                new Figure("This month", amount(measure, now.sum())),
                new Figure(
                    "Last month until the same day",
                    amount(
                        measure,
                        until.values().stream().reduce(UsageCounts.NONE, UsageCounts::plus))),
                new Figure("Last month in all", amount(measure, last.sum())))));
  }

  /**
   * Returns the usage of a service in the last 30 days, broken down by model; empty if nothing was
   * used.
   */
  public Optional<RecentView> ofService(Actor actor, Instance.Ref service, LocalDate today) {
    Span costs =
        costs(Optional.of(service), today.minusDays(DAYS - 1L), today, UsageDimension.MODEL);
    UsageOverview overview = read(actor, costs);
    if (overview.all().isEmpty()) {
      return Optional.empty();
    }
    boolean priced = isPriced(overview);
    Span span = priced ? costs : costs.showing(Measure.REQUESTS);
    UsageCounts sum = overview.sum();
    return Optional.of(
        view(
            span,
            priced ? overview : read(actor, span),
            List.of(
                new Figure("Requests", Numbers.shown(sum.requests())),
                new Figure("Refused", Numbers.shown(sum.refused())),
                new Figure("Tokens", Measure.TOKENS.shown(Measure.TOKENS.of(sum))),
                new Figure("Cost", priced ? amount(Measure.COST, sum) : "–"))));
  }

  private static RecentView view(Span span, UsageOverview overview, List<Figure> figures) {
    Measure measure = span.measure();
    UsageTable table = new UsageTable(overview, span);
    return new RecentView(
        figures,
        table.chart().orElse(null),
        overview.most().stream()
            .limit(MOST)
            .map(each -> new Figure(table.name(each), amount(measure, each.sum())))
            .toList(),
        measure == Measure.COST ? "What cost most" : "What was used most",
        path(span, span.dimension()),
        path(span, UsageDimension.USER));
  }

  private static String path(Span span, UsageDimension dimension) {
    Links path =
        Links.to(Area.USAGE.path())
            .with("from", span.filter().from().orElseThrow().toString())
            .with("by", dimension.wireName())
            .with("show", span.measure().wireName());
    span.filter().service().ifPresent(service -> path.with("service", service.toString()));
    return path.toString();
  }

  private UsageOverview read(Actor actor, Span span) {
    return reports.overview(actor, span.question()).asOptional().orElse(UsageOverview.NOTHING);
  }

  private static Span costs(
      Optional<Instance.Ref> service, LocalDate from, LocalDate to, UsageDimension dimension) {
    return new Span(
        new UsageFilter(
            service, Optional.empty(), Optional.empty(), Optional.of(from), Optional.of(to)),
        dimension,
        Measure.COST);
  }

  private static boolean isPriced(UsageOverview overview) {
    return overview.sum().cost().priced() > 0;
  }

  private static String amount(Measure measure, UsageCounts counts) {
    return measure.words(measure.of(counts));
  }
}
