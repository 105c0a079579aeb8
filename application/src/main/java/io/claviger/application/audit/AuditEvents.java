package io.claviger.application.audit;

import io.claviger.application.audit.port.AuditEventStore;
import io.claviger.application.audit.port.AuditFilter;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.audit.AuditEvent;
import java.util.List;
import java.util.function.Consumer;

/** Reads and exports the audit trail. */
public interface AuditEvents {
  static AuditEvents of(AuditEventStore events) {
    return new AuditEventReader(events);
  }

  /**
   * Lists events, newest first. Administrators see all of them, other users see the events about
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
   * Exports all events of a span of time, oldest first and in batches, for the operator. It keeps
   * no transaction open, so it does not disturb running nodes.
   *
   * <p>Events that are recorded during the export may be missing. An event carries the time of its
   * change but is recorded a moment later, when the transaction ends. Repeated exports should
   * therefore begin a little before the end of the last one, and recognize events by their ids.
   *
   * @param taker receives a few events at a time; an exception that it throws ends the export
   * @throws io.claviger.application.shared.StoreUnavailable when the database can't be reached
   */
  void export(TimeSpan span, Consumer<List<AuditEvent>> taker);
}
