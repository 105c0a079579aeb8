package io.claviger.application.usage;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.usage.UsageDimension;
import io.claviger.domain.usage.UsageRow;
import io.claviger.domain.usage.UsageSum;
import java.util.List;
import java.util.Optional;
import java.util.Set;

final class UsageReportReader implements UsageReports {
  private final UsageStore usage;

  UsageReportReader(UsageStore usage) {
    this.usage = usage;
  }

  @Override
  public Outcome<Page<UsageRow, UsagePosition>> list(
      Actor actor, UsageFilter filter, PageRequest<UsagePosition> page) {
    return seenBy(actor)
        .map(
            viewer ->
                Page.of(
                    usage.find(viewer, filter, page.after(), page.limit() + 1),
                    page.limit(),
                    UsagePosition::of));
  }

  @Override
  public Outcome<Page<UsageSum, List<String>>> sums(
      Actor actor, UsageFilter filter, Set<UsageDimension> by, PageRequest<List<String>> page) {
    return seenBy(actor)
        .map(
            viewer ->
                Page.of(
                    usage.sums(viewer, filter, by, page.after(), page.limit() + 1),
                    page.limit(),
                    sum -> List.copyOf(sum.of().values())));
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
