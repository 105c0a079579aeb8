package io.claviger.application.audit;

import io.claviger.domain.audit.AuditEvent;
import java.util.List;
import java.util.function.Consumer;

/**
 * Hands out the whole audit trail, or what is of a span of time, oldest first and piece by piece,
 * for who runs Claviger. It holds no transaction open, so that a node beside it is not disturbed.
 *
 * <p>What is recorded while it runs may be in it or not. A change is recorded with the time at
 * which it was done when its transaction ends, a moment later: who exports again and again begins a
 * little before where they ended, and knows events by their ids.
 */
public interface ExportAuditEvents {
  /**
   * @param taker of a few events at a time; what it throws ends the export
   * @throws io.claviger.application.shared.StoreUnavailable when the database can't be reached
   */
  void export(TimeSpan span, Consumer<List<AuditEvent>> taker);
}
