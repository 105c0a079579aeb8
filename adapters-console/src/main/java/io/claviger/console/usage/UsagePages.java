package io.claviger.console.usage;

import io.claviger.application.UseCases;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.console.page.Area;
import io.claviger.console.page.Csv;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Views;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageSum;
import io.claviger.web.json.JsonWriter;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Shows usage by day, and by service, person, project or model, and hands it out as a file. */
public final class UsagePages {
  private static final String PATH = Area.USAGE.path();

  /** The most sums of a page, and of a file, in pages of the use case. Filters reach the others. */
  private static final int MOST_SHOWN = 50;

  private static final int MOST_EXPORTED = 250;

  private final UseCases useCases;
  private final Views views;

  public UsagePages(UseCases useCases, Views views) {
    this.useCases = useCases;
    this.views = views;
  }

  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::show));
    routes.pageAt(PATH + "/export").openGet(visitors.signedIn(this::export));
  }

  private void show(Visit visit) {
    FormState filters = FormState.asked(visit, Span.FIELDS);
    try {
      Span span = span(visit);
      UsageTable table = new UsageTable(span.by(), span.measure());
      boolean complete = read(visit.signedIn().actor(), span, MOST_SHOWN, table::add);
      show(visit, 200, filters.having(shown(span)), span, table, complete);
    } catch (RuntimeException e) {
      Problem problem = Problems.of(e).orElseThrow(() -> e);
      if (problem.status() != 422) {
        throw e;
      }
      Span nothing = Span.of(Fields.of(Map.of()), LocalDate.EPOCH);
      UsageTable empty = new UsageTable(nothing.by(), nothing.measure());
      show(visit, 422, filters.with(problem), nothing, empty, true);
    }
  }

  private void export(Visit visit) {
    Span span = span(visit);
    Csv csv = new Csv().add(UsageCsv.columns(span.by()));
    boolean unused =
        read(
            visit.signedIn().actor(),
            span,
            MOST_EXPORTED,
            sum -> csv.add(UsageCsv.values(sum, span.by())));
    visit.download("usage.csv", Csv.MEDIA_TYPE, csv.bytes());
  }

  /**
   * Reads the sums by day.
   *
   * @return whether these were all
   */
  private boolean read(Actor actor, Span span, int mostPages, Consumer<UsageSum> taker) {
    Set<UsageDimension> by = EnumSet.of(UsageDimension.DAY, span.by());
    Optional<List<String>> after = Optional.empty();
    for (int i = 0; i < mostPages; i++) {
      Page<UsageSum, List<String>> page =
          Problems.valueOf(
              useCases
                  .usageReports()
                  .sums(actor, span.filter(), by, new PageRequest<>(after, PageRequest.MAX_LIMIT)));
      page.items().forEach(taker);
      after = page.next();
      if (after.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  private void show(
      Visit visit, int status, FormState filters, Span span, UsageTable table, boolean complete) {
    Links export = Links.to(PATH + "/export");
    Span.FIELDS.stream().sorted().forEach(name -> export.with(name, filters.value(name)));
    views.showCharts(
        visit,
        status,
        Area.USAGE,
        "Usage",
        "usage",
        new UsageModel(
            filters,
            span.by() == UsageDimension.USER ? "person" : span.by().wireName(),
            new String(JsonWriter.bytes(table.chart()), StandardCharsets.UTF_8),
            table.byThing(),
            table.things(),
            table.byDay(),
            complete,
            export.toString()));
  }

  private static Map<String, String> shown(Span span) {
    return Map.of(
        "from", span.filter().from().orElseThrow().toString(),
        "to", span.filter().to().orElseThrow().toString(),
        "by", span.by().wireName(),
        "show", span.measure().wireName());
  }

  private static Span span(Visit visit) {
    return Span.of(Fields.ofQuery(visit), LocalDate.now(ZoneOffset.UTC));
  }
}
