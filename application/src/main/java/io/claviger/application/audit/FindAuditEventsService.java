package io.claviger.application.audit;

import io.claviger.application.audit.port.AuditEventStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.UserId;
import java.util.Optional;

final class FindAuditEventsService implements FindAuditEvents {
  private final AuditEventStore events;

  FindAuditEventsService(AuditEventStore events) {
    this.events = events;
  }

  @Override
  public Outcome find(Actor actor, Filter filter, PageRequest<TimeCursor> page) {
    try {
      actor.demandManage();
    } catch (RefusedException e) {
      return new Outcome.Refused(e.refusal());
    }
    Optional<UserId> owner = actor.administrator() ? Optional.empty() : Optional.of(actor.id());
    return new Outcome.Listed(
        Page.of(
            events.newest(owner, filter, page.after(), page.limit() + 1),
            page.limit(),
            event -> new TimeCursor(event.at(), event.id())));
  }
}
