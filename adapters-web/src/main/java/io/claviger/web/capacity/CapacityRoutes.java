package io.claviger.web.capacity;

import io.claviger.application.capacity.CapacityReports;
import io.claviger.application.capacity.CapacityReports.CapacityReport;
import io.claviger.application.capacity.port.CapacityRecords.BorrowerRecord;
import io.claviger.application.capacity.port.CapacityRecords.MinuteRecord;
import io.claviger.application.capacity.port.CapacityRecords.RecordedLimit;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code /v1/llm-services/{owner}/{handle}/capacity}. */
public final class CapacityRoutes implements RouteGroup {
  private final CapacityReports reports;

  public CapacityRoutes(CapacityReports reports) {
    this.reports = reports;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/llm-services/{owner}/{handle}/capacity").get(this::show);
  }

  private void show(ApiCall call) {
    call.ok(CapacityJson.of(Problems.valueOf(reports.find(call.actor(), call.service()))));
  }

  /** The capacity that a service has at its provider, as the API shows it. */
  record CapacityJson(
      List<LimitJson> limits,
      WaitingJson waiting,
      List<MinuteJson> lastHour,
      List<BorrowerJson> borrowers) {

    static CapacityJson of(CapacityReport report) {
      return new CapacityJson(
          report.limits().stream().map(LimitJson::of).toList(),
          new WaitingJson(
              report.waiting().calls(),
              report.everything()
                  ? Optional.of(report.waiting().longest().toMillis())
                  : Optional.empty()),
          report.lastHour().stream().map(MinuteJson::of).toList(),
          report.borrowers().stream().map(BorrowerJson::of).toList());
    }
  }

  record LimitJson(
      String limit,
      Optional<String> model,
      Optional<Long> stated,
      Optional<Long> learned,
      Optional<Instant> learnedAt,
      long used,
      Optional<Long> left,
      Optional<Instant> resetsAt) {
    static LimitJson of(RecordedLimit limit) {
      return new LimitJson(
          limit.limit(),
          limit.model(),
          number(limit.stated()),
          number(limit.learned()),
          limit.learnedAt(),
          limit.used(),
          number(limit.left()),
          limit.resetsAt());
    }

    private static Optional<Long> number(OptionalLong known) {
      return known.isPresent() ? Optional.of(known.getAsLong()) : Optional.empty();
    }
  }

  record WaitingJson(int calls, Optional<Long> longestMs) {}

  record UseJson(long requests, long inputTokens, long outputTokens) {
    static UseJson of(PaceUse use) {
      return new UseJson(use.calls(), use.input(), use.output());
    }
  }

  record MinuteJson(Instant minute, UseJson used, long waited, long waitedMs, long refused) {
    static MinuteJson of(MinuteRecord each) {
      return new MinuteJson(
          each.minute(),
          UseJson.of(each.used()),
          each.waits().calls(),
          each.waits().time().toMillis(),
          each.waits().refused());
    }
  }

  record BorrowerJson(
      Optional<String> user,
      Optional<Integer> weight,
      UseJson used,
      long waited,
      long waitedMs,
      long refused,
      int waiting) {
    static BorrowerJson of(BorrowerRecord each) {
      return new BorrowerJson(
          each.name(),
          each.weight().isPresent() ? Optional.of(each.weight().getAsInt()) : Optional.empty(),
          UseJson.of(each.used()),
          each.waits().calls(),
          each.waits().time().toMillis(),
          each.waits().refused(),
          each.waiting());
    }
  }
}
