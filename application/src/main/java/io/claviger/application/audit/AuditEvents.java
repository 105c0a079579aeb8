package io.claviger.application.audit;

import io.claviger.application.audit.port.AuditEventStore;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.audit.AuditEvent;
import java.util.List;
import java.util.function.Consumer;

/** The audit trail, as it is read and exported. */
public interface AuditEvents {
  static AuditEvents of(AuditEventStore events) {
    return new AuditEventReader(events);
  }

  /**
   * Shows events, newest first: to administrators all of them, to others those about things that
   * were theirs at the time. An access token of scope use is refused ({@code forbidden}).
   *
   * <p>Pages neither skip nor repeat what was on record when the first one was read. An event that
   * is recorded later carries the time at which the change was made, so it may belong before a page
   * that was read already.
   */
  Outcome<Page<AuditEvent, TimeCursor>> list(
      Actor actor, AuditFilter filter, PageRequest<TimeCursor> page);

  /**
   * Hands out all events of a span of time, oldest first and piece by piece, to who runs Claviger.
   * It holds no transaction open, so it does not disturb a node that runs beside it.
   *
   * <p>Events that are recorded while it runs may be missing. A change carries the time at which it
   * was made but is recorded a moment later, when its transaction ends. Repeated exports should
   * therefore begin a little before the end of the last one; an event is known by its id.
   *
   * @param taker takes a few events at a time; an exception that it throws ends the export
   * @throws io.claviger.application.shared.StoreUnavailable when the database can't be reached
   */
  void export(TimeSpan span, Consumer<List<AuditEvent>> taker);
}
