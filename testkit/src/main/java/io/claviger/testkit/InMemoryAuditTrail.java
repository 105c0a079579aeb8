package io.claviger.testkit;

import io.claviger.application.shared.out.AuditTrail;
import io.claviger.domain.audit.AuditEvent;
import java.util.List;

/** {@link AuditTrail} in memory, to be read back. */
public final class InMemoryAuditTrail implements AuditTrail {
  private final InMemoryTransactions transactions;

  public InMemoryAuditTrail(InMemoryTransactions transactions) {
    this.transactions = transactions;
  }

  @Override
  public void record(AuditEvent event) {
    transactions.run(t -> t.auditEvents.add(event));
  }

  /** All that is on record, oldest first. */
  public List<AuditEvent> events() {
    return transactions.read(t -> List.copyOf(t.auditEvents));
  }
}
