package io.claviger.application.usage;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.Refusal;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.Fault;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageRow;
import io.claviger.domain.usage.UsageSum;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

final class UsageReportReader implements UsageReports {
  private static final Fault TOO_LARGE =
      new Fault(
          "/from",
          "report_too_large",
          "This takes the database too long. Ask for a shorter time by from and to, for one user or"
              + " service, or for fewer things in by.");

  private final UsageStore usage;

  UsageReportReader(UsageStore usage) {
    this.usage = usage;
  }

  @Override
  public Outcome<Page<UsageRow, UsagePosition>> list(
      Actor actor, UsageFilter filter, PageRequest<UsagePosition> page) {
    return read(
        actor,
        viewer ->
            Page.of(
                usage.find(viewer, filter, page.after(), page.limit() + 1),
                page.limit(),
                UsagePosition::of));
  }

  @Override
  public Outcome<Page<UsageSum, List<String>>> sums(
      Actor actor, UsageFilter filter, Set<UsageDimension> by, PageRequest<List<String>> page) {
    return read(
        actor,
        viewer ->
            Page.of(
                usage.sums(viewer, filter, by, page.after(), page.limit() + 1),
                page.limit(),
                sum -> List.copyOf(sum.of().values())));
  }

  @Override
  public Outcome<UsageOverview> overview(Actor actor, UsageQuestion question) {
    return read(actor, viewer -> usage.overview(viewer, question));
  }

  private static <T> Outcome<T> read(Actor actor, Function<Optional<UserId>, T> report) {
    try {
      return seenBy(actor).map(report);
    } catch (QueryTimeout e) {
      return Outcome.refused(new Refusal.Invalid(TOO_LARGE));
    }
  }

  /** For whom usage is read; empty for administrators, who see everything. */
  private static Outcome<Optional<UserId>> seenBy(Actor actor) {
    try {
      actor.demandManage();
    } catch (RefusedException e) {
      return Outcome.refused(e.refusal());
    }
    return Outcome.done(actor.administrator() ? Optional.empty() : Optional.of(actor.id()));
  }
}
