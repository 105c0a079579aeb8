package io.claviger.application.usage;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.usage.UsageRow;
import java.util.Optional;

final class UsageReportReader implements UsageReports {
  private final UsageStore usage;

  UsageReportReader(UsageStore usage) {
    this.usage = usage;
  }

  @Override
  public Outcome<Page<UsageRow, UsagePosition>> list(
      Actor actor, UsageFilter filter, PageRequest<UsagePosition> page) {
    try {
      actor.demandManage();
    } catch (RefusedException e) {
      return Outcome.refused(e.refusal());
    }
    Optional<UserId> viewer = actor.administrator() ? Optional.empty() : Optional.of(actor.id());
    return Outcome.done(
        Page.of(
            usage.find(viewer, filter, page.after(), page.limit() + 1),
            page.limit(),
            UsagePosition::of));
  }
}
