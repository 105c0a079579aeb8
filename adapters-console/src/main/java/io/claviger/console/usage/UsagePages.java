package io.claviger.console.usage;

import io.claviger.application.usage.UsageReports;
import io.claviger.application.usage.port.UsageOverview;
import io.claviger.console.page.Area;
import io.claviger.console.page.BarChart;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fact;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Views;
import io.claviger.console.usage.UsageTable.UsageLine;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Csv;
import io.claviger.web.server.Routes;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shows usage by day, and also by service, person, project or model. The same usage is also offered
 * as a file.
 */
public final class UsagePages implements ConsolePage {
  private static final String PATH = Area.USAGE.path();

  private final UsageReports usageReports;
  private final Views views;

  public UsagePages(UsageReports usageReports, Views views) {
    this.usageReports = usageReports;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(PATH).openGet(visitors.signedIn(this::show));
    routes.pageAt(PATH + "/export").openGet(visitors.signedIn(this::export));
  }

  private void show(Visit visit) {
    FormState filters = FormState.asked(visit, Span.FIELDS);
    try {
      Span span = span(visit);
      UsageOverview overview =
          Problems.valueOf(usageReports.overview(visit.signedIn().actor(), span.question()));
      show(visit, 200, filters.having(shown(span)), span, overview);
    } catch (RuntimeException e) {
      Problem problem = Problems.orThrow(e);
      if (problem.status() != 422) {
        throw e;
      }
      Span nothing = Span.of(Fields.of(Map.of()), LocalDate.EPOCH);
      show(visit, 422, filters.with(problem), nothing, UsageOverview.NOTHING);
    }
  }

  private void export(Visit visit) {
    visit.download(
        "usage.csv",
        Csv.MEDIA_TYPE,
        new UsageExport(usageReports, visit.signedIn().actor(), span(visit)));
  }

  private void show(Visit visit, int status, FormState filters, Span span, UsageOverview overview) {
    UsageTable table = new UsageTable(overview, span);
    Links export = Links.to(PATH + "/export");
    Links recent = Links.to(PATH);
    for (String name : Span.FIELDS.stream().sorted().toList()) {
      export.with(name, filters.value(name));
      recent.with(name, name.equals("from") || name.equals("to") ? "" : filters.value(name));
    }
    views.show(
        visit,
        status,
        Area.USAGE,
        "Usage",
        "usage",
        new UsageView(
            filters,
            thing(span.dimension()),
            table.chart().orElse(null),
            table.byThing(),
            overview.things(),
            span.byMonth() ? "month" : "day",
            table.byTime(),
            status == 200,
            visit.signedIn().actor().administrator(),
            span.filter().group().isPresent()
                ? usageReports.membershipsKnownSince().toString()
                : "",
            recent.toString(),
            export.toString()));
  }

  private static String thing(UsageDimension dimension) {
    return switch (dimension) {
      case USER -> "person";
      case ANSWERED_MODEL -> "answering model";
      case SERVICE_TIER -> "service tier";
      default -> dimension.wireName();
    };
  }

  private static Map<String, String> shown(Span span) {
    return Map.of(
        "from", span.filter().from().orElseThrow().toString(),
        "to", span.filter().to().orElseThrow().toString(),
        "by", span.dimension().wireName(),
        "show", span.measure().wireName());
  }

  private static Span span(Visit visit) {
    return Span.of(Fields.ofQuery(visit), LocalDate.now(ZoneOffset.UTC));
  }

  /**
   * The page that shows usage.
   *
   * @param filters the filters, as they are in the address of the page
   * @param thing the word for the dimension by which the usage is broken down, such as {@code
   *     service}
   * @param chart the chart; null if nothing was used
   * @param things the number of services, projects or other values of the dimension that were used;
   *     the table shows those with the most usage
   * @param step {@code day} if the page shows usage by day; {@code month} if it shows usage by
   *     month
   * @param answered whether the filters were valid and the usage was read
   * @param groups true if the viewer may request the usage of a group's members
   * @param knownSince the time since which the record of the group's members is complete; empty if
   *     no group's usage was requested
   * @param recent the address of the page with the same filters for the last 30 days
   * @param export the address of the file with the same usage
   */
  public record UsageView(
      FormState filters,
      String thing,
      @Nullable BarChart chart,
      List<UsageLine> byThing,
      long things,
      String step,
      List<UsageLine> byTime,
      boolean answered,
      boolean groups,
      String knownSince,
      String recent,
      String export) {
    public UsageView {
      byThing = List.copyOf(byThing);
      byTime = List.copyOf(byTime);
    }

    /**
     * The heading of the column with the values of the dimension by which the usage is broken down.
     */
    public String column() {
      return Fact.term(thing);
    }

    /**
     * Whether the table has lines only for the values with the most usage, followed by one line for
     * all others.
     */
    public boolean isCut() {
      return things > Span.MOST;
    }
  }
}
