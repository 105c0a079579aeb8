package io.claviger.console.capacity;

import io.claviger.application.capacity.CapacityReports;
import io.claviger.application.capacity.CapacityReports.CapacityReport;
import io.claviger.application.capacity.port.CapacityRecords.BorrowerRecord;
import io.claviger.application.capacity.port.CapacityRecords.MinuteRecord;
import io.claviger.application.capacity.port.CapacityRecords.RecordedLimit;
import io.claviger.application.capacity.port.CapacityRecords.Waits;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fact;
import io.claviger.console.page.Numbers;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Views;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.instances.Instance;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Shows the limits that the provider sets for a service. Also shows who used how much of these
 * limits in the last hour, and who had to wait because of them.
 */
public final class CapacityPage implements ConsolePage {
  private final CapacityReports reports;
  private final Views views;

  public CapacityPage(CapacityReports reports, Views views) {
    this.reports = reports;
    this.views = views;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes.pageAt(ServiceAddress.PATTERN + "/capacity").openGet(visitors.signedIn(this::show));
  }

  private void show(Visit visit) {
    Instance.Ref service = ServiceAddress.of(visit);
    CapacityReport report = Problems.valueOf(reports.find(visit.signedIn().actor(), service));
    views.show(
        visit,
        Area.SERVICES,
        "Capacity of " + service,
        "capacity",
        CapacityView.of(service, report, InstantSource.system().instant()));
  }

  /**
   * The page that shows the capacity of a service.
   *
   * @param everything whether the page shows all borrowers; false if it shows only the viewer
   * @param waiting a sentence that says how many calls are waiting now; null if no call is waiting
   * @param pictures the pictures of the last hour; empty if there were no calls
   */
  public record CapacityView(
      String service,
      String path,
      boolean everything,
      @Nullable String waiting,
      List<HourPicture> pictures,
      List<LimitLine> limits,
      List<BorrowerLine> borrowers,
      List<MinuteLine> minutes) {
    public CapacityView {
      pictures = List.copyOf(pictures);
      limits = List.copyOf(limits);
      borrowers = List.copyOf(borrowers);
      minutes = List.copyOf(minutes);
    }

    static CapacityView of(Instance.Ref service, CapacityReport report, Instant now) {
      return new CapacityView(
          service.toString(),
          ServiceAddress.path(service),
          report.everything(),
          waiting(report),
          HourPicture.of(report, now),
          report.limits().stream().map(LimitLine::of).toList(),
          report.borrowers().stream().map(BorrowerLine::of).toList(),
          report.lastHour().reversed().stream().map(MinuteLine::of).toList());
    }

    private static @Nullable String waiting(CapacityReport report) {
      int calls = report.waiting().calls();
      return calls == 0
          ? null
          : Numbers.counted(calls, "call waits", "calls wait")
              + (report.everything()
                  ? " now, one of them for %s."
                      .formatted(seconds(report.waiting().longest().toMillis()))
                  : " now.");
    }
  }

  /** A limit that the provider sets, as the page shows it. */
  public record LimitLine(
      String limit,
      String model,
      String stated,
      String learned,
      @Nullable String learnedAt,
      String used,
      String left) {
    static LimitLine of(RecordedLimit of) {
      return new LimitLine(
          words(of.limit()),
          of.model().orElse("all"),
          number(of.stated()),
          number(of.learned()),
          of.learnedAt().map(Instant::toString).orElse(null),
          Numbers.shown(of.used()),
          number(of.left()));
    }

    private static String number(OptionalLong known) {
      return known.isPresent() ? Numbers.shown(known.getAsLong()) : "–";
    }
  }

  private static String words(String limit) {
    return Fact.term(limit.replace("_per_minute", " a minute"));
  }

  /** A borrower who used the provider's limits in the last hour. */
  public record BorrowerLine(
      String user,
      String weight,
      String requests,
      String input,
      String output,
      String waited,
      String each,
      String refused,
      String waiting) {
    static BorrowerLine of(BorrowerRecord of) {
      return new BorrowerLine(
          of.name().orElse("(has left)"),
          of.weight().isPresent() ? Integer.toString(of.weight().getAsInt()) : "–",
          Numbers.shown(of.used().calls()),
          Numbers.shown(of.used().input()),
          Numbers.shown(of.used().output()),
          Numbers.shown(of.waits().calls()),
          average(of.waits()),
          Numbers.shown(of.waits().refused()),
          Numbers.shown(of.waiting()));
    }
  }

  /** One minute of the last hour, as the page shows it. */
  public record MinuteLine(
      String minute, String requests, String tokens, String waited, String each, String refused) {
    static MinuteLine of(MinuteRecord of) {
      PaceUse used = of.used();
      return new MinuteLine(
          of.minute().toString(),
          Numbers.shown(used.calls()),
          Numbers.shown(used.input() + used.output()),
          Numbers.shown(of.waits().calls()),
          average(of.waits()),
          Numbers.shown(of.waits().refused()));
    }
  }

  /** Returns how long calls waited on average. Only calls that had to wait are counted. */
  private static String average(Waits waits) {
    return waits.calls() == 0 ? "–" : seconds(waits.time().toMillis() / waits.calls());
  }

  private static String seconds(long millis) {
    return String.format(Locale.ROOT, "%.1f s", millis / 1e3);
  }
}
