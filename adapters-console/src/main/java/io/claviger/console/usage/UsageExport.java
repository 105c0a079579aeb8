package io.claviger.console.usage;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.usage.UsageReports;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.domain.Amounts;
import io.claviger.domain.usage.ChargedFees;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageSum;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.Csv;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/**
 * A file with usage, of unlimited length: further sums are read only after the previous sums were
 * sent. The usage is read week by week, because otherwise the database would sum up the whole span
 * again for every page of sums.
 */
final class UsageExport implements Iterator<byte[]> {
  private static final int DAYS_AT_A_TIME = 7;

  private final UsageReports reports;
  private final Actor actor;
  private final Span span;
  private final LocalDate last;
  private LocalDate from;
  private Optional<List<String>> after = Optional.empty();
  private boolean begun;

  UsageExport(UsageReports reports, Actor actor, Span span) {
    this.reports = reports;
    this.actor = actor;
    this.span = span;
    this.from = span.filter().from().orElseThrow();
    this.last = span.filter().to().orElseThrow();
  }

  @Override
  public boolean hasNext() {
    return !begun || !from.isAfter(last);
  }

  @Override
  public byte[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Csv part = new Csv();
    if (!begun) {
      part.add(UsageCsv.columns(span.dimension()));
      begun = true;
      skipToUsage();
    }
    if (!from.isAfter(last)) {
      readWeek().forEach(sum -> part.add(UsageCsv.values(sum, span.dimension())));
    }
    return part.bytes();
  }

  /** Reads the next sums of usage. After the last sums of a week, the next week follows. */
  private List<UsageSum> readWeek() {
    LocalDate end = from.plusDays(DAYS_AT_A_TIME - 1L);
    boolean isFirst = after.isEmpty();
    Page<UsageSum, List<String>> page =
        read(
            end.isAfter(last) ? last : end,
            EnumSet.of(UsageDimension.DAY, span.dimension()),
            new PageRequest<>(after, PageRequest.MAX_LIMIT));
    after = page.next();
    if (after.isEmpty()) {
      from = end.plusDays(1);
    }
    if (isFirst && page.items().isEmpty()) {
      skipToUsage();
    }
    return page.items();
  }

  /**
   * Skips days without usage, because the requested span can contain thousands of years without
   * usage.
   */
  private void skipToUsage() {
    from =
        from.isAfter(last)
            ? from
            : read(last, EnumSet.of(UsageDimension.DAY), new PageRequest<>(Optional.empty(), 1))
                .items()
                .stream()
                .findFirst()
                .map(sum -> LocalDate.parse(sum.of().get(UsageDimension.DAY)))
                .orElseGet(() -> last.plusDays(1));
  }

  private Page<UsageSum, List<String>> read(
      LocalDate end, Set<UsageDimension> dimensions, PageRequest<List<String>> page) {
    UsageFilter all = span.filter();
    UsageFilter some =
        new UsageFilter(
            all.service(),
            all.user(),
            all.project(),
            Optional.of(from),
            Optional.of(end),
            all.group());
    return Problems.valueOf(reports.sums(actor, some, dimensions, page));
  }

  /**
   * Writes the columns of the usage file. Costs are in dollars; a cost is empty if no price is
   * known.
   */
  private static final class UsageCsv {
    private UsageCsv() {}

    static List<String> columns(UsageDimension dimension) {
      return List.of(
          "day",
          dimension.wireName(),
          "requests",
          "errors",
          "refused",
          "input_tokens",
          "output_tokens",
          "cost_usd",
          "estimated_requests",
          "estimated_input_tokens",
          "estimated_output_tokens",
          "estimated_cost_usd",
          "disputed_tokens",
          "disputed_cost_usd",
          "stored_objects",
          "stored_bytes",
          "fees_cost_usd");
    }

    private static long fees(UsageCounts counts) {
      return counts.fees().of().values().stream()
          .mapToLong(ChargedFees.Fee::cost)
          .reduce(0, Amounts::sum);
    }

    static List<String> values(UsageSum sum, UsageDimension dimension) {
      UsageCounts counts = sum.counts();
      boolean priced = counts.cost().priced() > 0;
      return List.of(
          sum.of().getOrDefault(UsageDimension.DAY, ""),
          sum.of().getOrDefault(dimension, ""),
          Long.toString(counts.requests()),
          Long.toString(counts.errors()),
          Long.toString(counts.refused()),
          Long.toString(counts.inputTokens()),
          Long.toString(counts.outputTokens()),
          priced ? Money.dollars(counts.cost().cost()).toPlainString() : "",
          Long.toString(counts.estimated().requests()),
          Long.toString(counts.estimated().inputTokens()),
          Long.toString(counts.estimated().outputTokens()),
          priced ? Money.dollars(counts.cost().estimated()).toPlainString() : "",
          Long.toString(counts.disputed().tokens()),
          priced ? Money.dollars(counts.disputed().cost()).toPlainString() : "",
          Long.toString(counts.stored().objects()),
          Long.toString(counts.stored().bytes()),
          priced ? Money.dollars(fees(counts)).toPlainString() : "");
    }
  }
}
