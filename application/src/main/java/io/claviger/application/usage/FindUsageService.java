package io.claviger.application.usage;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.usage.port.UsageStore;
import io.claviger.domain.accounts.UserId;
import java.util.Optional;

final class FindUsageService implements FindUsage {
  private final UsageStore books;

  FindUsageService(UsageStore books) {
    this.books = books;
  }

  @Override
  public Outcome find(Actor actor, Filter filter, PageRequest<Position> page) {
    try {
      actor.demandManage();
    } catch (RefusedException e) {
      return new Outcome.Refused(e.refusal());
    }
    Optional<UserId> viewer = actor.administrator() ? Optional.empty() : Optional.of(actor.id());
    return new Outcome.Listed(
        Page.of(
            books.find(viewer, filter, page.after(), page.limit() + 1),
            page.limit(),
            Position::of));
  }
}
