package io.claviger.application.shared.port;

import io.claviger.domain.audit.AuditEvent;
import java.util.List;

/** Keeps audit events for good: there is no way to change or remove one. */
public interface AuditTrail {
  /** Records an event, in the transaction under way if there is one. */
  void record(AuditEvent event);

  /** Records many at once. */
  default void recordAll(List<AuditEvent> events) {
    events.forEach(this::record);
  }
}
