package io.claviger.application.audit;

import io.claviger.application.audit.port.AuditChainStore;
import io.claviger.application.audit.port.TimeSpan;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.domain.audit.ChainCheck;
import io.claviger.domain.audit.ChainHead;
import io.claviger.domain.audit.ChainLink;
import io.claviger.domain.audit.EventTexts;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads, exports and checks the hash chain of the audit trail and the signed head of the chain. */
public interface AuditChain {
  static AuditChain of(AuditChainStore store, AuditedChanges changes) {
    return new AuditChainUseCases(store, changes);
  }

  /**
   * A line of an export.
   *
   * @param link the event's link in the hash chain; empty for an event that is not sealed yet
   * @param event the event of the link; empty if that event is not in the span, or was removed with
   *     its month
   */
  record ExportedLine(Optional<ChainLink> link, Optional<EventTexts> event) {}

  /**
   * A month was removed while its events were being exported, so the export lacks some events of
   * that month.
   */
  final class MonthsRemoved extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Returns the newest head to administrators, and refuses others with {@code forbidden}. Empty if
   * there is no head yet.
   */
  Outcome<Optional<ChainHead>> head(Actor actor);

  /** Returns the newest head, for the operator. */
  Optional<ChainHead> head();

  /**
   * Exports all events of a span of time, for the operator: the sealed events in the order of their
   * links, without a gap between two links, and then the events that are not sealed yet. An audit
   * event that records the export is committed first. While the taker handles a line, no
   * transaction is open and nothing is locked, so the taker may be slow.
   *
   * @param taker receives a few lines at a time; an exception that the taker throws ends the export
   * @return the newest head
   * @throws io.claviger.application.shared.StoreUnavailable when the database can't be reached
   * @throws MonthsRemoved when the export has some events of a month that was removed in the
   *     meantime; the taker has received everything else
   */
  Optional<ChainHead> export(TimeSpan span, Consumer<List<ExportedLine>> taker);

  /**
   * Checks all links and events that are stored.
   *
   * @param heads heads that were kept elsewhere; the stored head is always checked
   */
  ChainCheck.Result verify(List<ChainHead> heads);
}
