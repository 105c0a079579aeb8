package io.claviger.application.audit;

import io.claviger.application.audit.port.AuditEventStore;
import io.claviger.application.audit.port.AuditFilter;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import java.time.Instant;
import java.util.List;

/** Lists the events of the audit trail. */
public interface AuditEvents {
  /** The maximum number of service accounts whose events are listed. */
  int MOST_ACCOUNTS = 10;

  static AuditEvents of(AuditEventStore events) {
    return new AuditEventReader(events);
  }

  /**
   * Lists events, newest first. Administrators see all events. Other users see the events about
   * things that they owned at the time of the event. An access token with the scope {@code use} is
   * refused with {@code forbidden}.
   *
   * <p>Pages neither skip nor repeat events that were recorded before the first page was read. The
   * time of an event is the time of its change, so an event that is recorded later might belong on
   * an earlier page.
   */
  Outcome<Page<AuditEvent, TimeCursor>> list(
      Actor actor, AuditFilter filter, PageRequest<TimeCursor> page);

  /**
   * Lists, for each service account for which the actor is responsible, the newest event with the
   * given action. Managers of a group are also responsible for the group's service accounts. The
   * list has at most {@link #MOST_ACCOUNTS} events, newest first. With an access token that has the
   * scope {@code use}, the list is empty.
   *
   * @param since the earliest time of a listed event
   */
  List<AuditEvent> newestOfAccounts(Actor actor, AuditAction action, Instant since);
}
