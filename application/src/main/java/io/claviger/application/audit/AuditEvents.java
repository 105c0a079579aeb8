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

/** Reads the audit trail. */
public interface AuditEvents {
  /** The greatest number of service accounts about which events are listed. */
  int MOST_ACCOUNTS = 10;

  static AuditEvents of(AuditEventStore events) {
    return new AuditEventReader(events);
  }

  /**
   * Lists events, newest first. Administrators see all events, other users see the events about
   * things that they owned at the time. An access token of scope use is refused ({@code
   * forbidden}).
   *
   * <p>Pages neither skip nor repeat events that were recorded when the first page was read. An
   * event that is recorded later carries the time of its change, so it may belong on a page that
   * was read already.
   */
  Outcome<Page<AuditEvent, TimeCursor>> list(
      Actor actor, AuditFilter filter, PageRequest<TimeCursor> page);

  /**
   * Lists the newest event of an action about each service account for which the actor is
   * responsible, in person or as a manager of a group; newest first, at most {@link
   * #MOST_ACCOUNTS}. With an access token of scope use, the list is empty.
   *
   * @param since the time from which on events are listed; earlier events are left out
   */
  List<AuditEvent> newestOfAccounts(Actor actor, AuditAction action, Instant since);
}
