package io.claviger.console.usage;

import static java.math.RoundingMode.UP;

import io.claviger.application.usage.port.UsageOverview;
import io.claviger.application.usage.port.UsageOverview.Series;
import io.claviger.console.page.BarChart;
import io.claviger.console.page.BarChart.Kind;
import io.claviger.console.page.Numbers;
import io.claviger.domain.Amounts;
import io.claviger.domain.usage.ChargedFees;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.UsageCounts;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** An overview of usage, in the form in which a chart and two tables show it. */
public final class UsageTable {
  private final UsageOverview overview;
  private final Span span;

  UsageTable(UsageOverview overview, Span span) {
    this.overview = overview;
    this.span = span;
  }

  /** Returns a line for each day or month in which something was used. */
  List<UsageLine> byTime() {
    return overview.all().entrySet().stream()
        .map(each -> UsageLine.of(label(each.getKey()), each.getValue()))
        .toList();
  }

  /**
   * Returns the lines with the most usage, in descending order, followed by one line with the sum
   * of all other lines.
   */
  List<UsageLine> byThing() {
    List<UsageLine> lines = new ArrayList<>();
    UsageCounts named = UsageCounts.NONE;
    for (Series each : overview.most()) {
      lines.add(UsageLine.of(name(each), each.sum()));
      named = named.plus(each.sum());
    }
    if (overview.things() > lines.size()) {
      lines.add(UsageLine.of(others(), overview.sum().minus(named)));
    }
    return lines;
  }

  private String others() {
    return "(" + (overview.things() - overview.most().size()) + " others)";
  }

  /**
   * Returns the name of a series. Calls outside of projects and calls without a model are named by
   * words in parentheses.
   */
  String name(Series series) {
    if (!series.name().isEmpty()) {
      return series.name();
    }
    return switch (span.dimension()) {
      case PROJECT -> "(no project)";
      case ANSWERED_MODEL -> "(the called model)";
      case SERVICE_TIER -> "(the usual tier)";
      default -> "(not known)";
    };
  }

  private String label(LocalDate time) {
    return span.byMonth() ? time.toString().substring(0, "2026-01".length()) : time.toString();
  }

  /**
   * Returns the chart, with a column for each day of the span. If the span is shown by months, the
   * columns extend from the first to the last month with usage.
   */
  Optional<BarChart> chart() {
    if (overview.all().isEmpty()) {
      return Optional.empty();
    }
    List<LocalDate> axis = axis();
    List<Series> named = overview.most().stream().limit(BarChart.COLOURS).toList();
    List<BarChart.Series> drawn = new ArrayList<>();
    for (Series each : named) {
      drawn.add(series(name(each), Kind.STACKED, axis, time -> value(each, time)));
    }
    if (overview.things() > named.size()) {
      drawn.add(series("all others", Kind.OTHERS, axis, time -> rest(named, time)));
    }
    Measure measure = span.measure();
    drawn.add(series("estimated part", Kind.ESTIMATED, axis, time -> measure.estimated(all(time))));
    drawn.add(
        series("disputed, not charged", Kind.DISPUTED, axis, time -> measure.disputed(all(time))));
    return Optional.of(
        BarChart.of(
            measure.title() + (span.byMonth() ? " by month" : " by day"),
            measure::words,
            measure::shown,
            axis.stream().map(this::label).toList(),
            drawn));
  }

  private static BarChart.Series series(
      String name, Kind kind, List<LocalDate> axis, Function<LocalDate, BigDecimal> value) {
    return new BarChart.Series(name, kind, axis.stream().map(value).toList());
  }

  private UsageCounts all(LocalDate time) {
    return overview.all().getOrDefault(time, UsageCounts.NONE);
  }

  private List<LocalDate> axis() {
    LocalDate first =
        span.byMonth() ? overview.all().firstKey() : span.filter().from().orElseThrow();
    LocalDate last = span.byMonth() ? overview.all().lastKey() : span.filter().to().orElseThrow();
    List<LocalDate> axis = new ArrayList<>();
    for (LocalDate time = first; !time.isAfter(last); time = next(time)) {
      axis.add(time);
    }
    return axis;
  }

  private LocalDate next(LocalDate time) {
    return span.byMonth() ? time.plusMonths(1) : time.plusDays(1);
  }

  private BigDecimal value(Series series, LocalDate time) {
    return amount(series.counts(), time);
  }

  /**
   * Returns the usage of a day or month minus the usage of the series that have their own names.
   */
  private BigDecimal rest(List<Series> named, LocalDate time) {
    return named.stream()
        .map(each -> value(each, time))
        .reduce(amount(overview.all(), time), BigDecimal::subtract)
        .max(BigDecimal.ZERO);
  }

  private BigDecimal amount(Map<LocalDate, UsageCounts> counts, LocalDate time) {
    return span.measure().of(counts.getOrDefault(time, UsageCounts.NONE));
  }

  /**
   * A line of a table of usage, in words. Tokens and costs stated by the provider are separate from
   * estimated tokens and costs. Neither the stated nor the estimated amounts include disputed
   * tokens and costs.
   *
   * @param name what the line is about: a day or month, a service, a model, a project or a user
   * @param cost the cost according to the known prices; "–" if no price is known
   * @param fees the number of charged fees, and their cost; "–" if no fees were charged
   */
  public record UsageLine(
      String name,
      String requests,
      String errors,
      String refused,
      String statedTokens,
      String estimatedTokens,
      String cost,
      String estimatedCost,
      String disputedTokens,
      String disputedCost,
      String storedObjects,
      String storedBytes,
      String fees) {
    static UsageLine of(String name, UsageCounts counts) {
      long estimated = estimated(counts);
      boolean priced = counts.cost().priced() > 0;
      return new UsageLine(
          name,
          Numbers.shown(counts.requests()),
          Numbers.shown(counts.errors()),
          Numbers.shown(counts.refused()),
          Numbers.shown(Amounts.difference(tokens(counts), estimated)),
          Numbers.shown(estimated),
          priced ? Money.shown(stated(counts)) : "–",
          priced ? Money.shown(counts.cost().estimated()) : "–",
          Numbers.shown(counts.disputed().tokens()),
          priced ? Money.shown(counts.disputed().cost()) : "–",
          Numbers.shown(counts.stored().objects()),
          Numbers.shown(counts.stored().bytes()),
          fees(counts.fees(), priced));
    }

    private static String fees(ChargedFees fees, boolean priced) {
      return fees.isNone()
          ? "–"
          : fees.of().entrySet().stream()
              .map(each -> fee(each.getKey(), each.getValue(), priced))
              .collect(Collectors.joining("; "));
    }

    private static String fee(FeeKind kind, ChargedFees.Fee fee, boolean priced) {
      BigDecimal uses =
          BigDecimal.valueOf(fee.uses())
              .divide(BigDecimal.valueOf(kind.units()), kind.units() == 1 ? 0 : 2, UP);
      String used = kind.wireName().replace('_', ' ') + " " + Numbers.shown(uses);
      return priced ? used + " (" + Money.shown(fee.cost()) + ")" : used;
    }

    private static long stated(UsageCounts counts) {
      return counts.cost().cost() - counts.cost().estimated();
    }

    private static long estimated(UsageCounts counts) {
      return Amounts.sum(counts.estimated().inputTokens(), counts.estimated().outputTokens());
    }

    private static long tokens(UsageCounts counts) {
      return Amounts.sum(counts.inputTokens(), counts.outputTokens());
    }
  }
}
