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
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads, exports and checks the hash chain of the audit trail and the signed head of the chain. */
public interface AuditChain {
  /**
   * @param database the database's clock
   */
  static AuditChain of(AuditChainStore store, AuditedChanges changes, InstantSource database) {
    return new AuditChainUseCases(store, changes, database);
  }

  /**
   * A line of an export.
   *
   * @param link the event's link in the hash chain; empty if the event is not sealed yet
   * @param event the event of the link; empty if the event is outside the exported span or was
   *     removed with its month
   */
  record ExportedLine(Optional<ChainLink> link, Optional<EventTexts> event) {}

  /**
   * A month was removed during the export, so that some events of this month are missing in the
   * export.
   */
  final class MonthsRemoved extends RuntimeException {}

  /**
   * Returns the newest head to administrators. Refuses others with {@code forbidden}. Empty if
   * there is no head yet.
   */
  Outcome<Optional<ChainHead>> head(Actor actor);

  /** Returns the newest head, for the operator. */
  Optional<ChainHead> head();

  /**
   * Exports all events of a time span for the operator. The sealed events come first, in the order
   * of their links and without gaps. The events that are not sealed yet follow. Before the export,
   * an audit event about the export is committed. The function that takes the lines can be slow,
   * because no transaction is open and nothing is locked while the function handles lines.
   *
   * @param taker a function that takes a few lines at a time. If the function throws an exception,
   *     the export ends
   * @return the newest head
   * @throws io.claviger.application.shared.StoreUnavailable when the database can't be reached
   * @throws MonthsRemoved when a month was removed during the export and some of its events are
   *     missing. The taker has received everything else
   */
  Optional<ChainHead> export(TimeSpan span, Consumer<List<ExportedLine>> taker);

  /**
   * Checks all stored links and events.
   *
   * @param heads heads that were kept outside the database. The stored head is always checked
   */
  ChainCheck.Result verify(List<ChainHead> heads);
}
