package io.claviger.application.audit;

import io.claviger.application.audit.port.AuditEventStore;
import io.claviger.application.audit.port.AuditFilter;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.RefusedException;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

final class AuditEventReader implements AuditEvents {
  /**
   * Events about changes that wait for consent, and old events about shares, contain all values in
   * full, and so are large. A page can therefore have fewer events than requested.
   */
  private static final long PAGE_BYTES = 1 << 20;

  private final AuditEventStore events;

  AuditEventReader(AuditEventStore events) {
    this.events = events;
  }

  @Override
  public Outcome<Page<AuditEvent, TimeCursor>> list(
      Actor actor, AuditFilter filter, PageRequest<TimeCursor> page) {
    try {
      actor.demandManage();
    } catch (RefusedException e) {
      return Outcome.refused(e.refusal());
    }
    Optional<User.Id> owner = actor.administrator() ? Optional.empty() : Optional.of(actor.id());
    int oneMore = page.limit() + 1;
    Piece<AuditEvent> piece = Piece.ofEvents(oneMore, PAGE_BYTES);
    events.newest(owner, filter, page.after(), oneMore, piece);
    List<AuditEvent> items = piece.items().stream().limit(page.limit()).toList();
    return Outcome.done(
        Page.of(items, piece.isFull(), event -> new TimeCursor(event.at(), event.id())));
  }

  @Override
  public List<AuditEvent> newestOfAccounts(Actor actor, AuditAction action, Instant since) {
    return actor.mayManage()
        ? events.newestOfAccounts(actor.id(), action, since, MOST_ACCOUNTS)
        : List.of();
  }
}
