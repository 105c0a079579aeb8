package io.claviger.application.shared.port;

import io.claviger.domain.audit.AuditEvent;
import java.util.List;

/** Stores audit events permanently. Nobody can change or remove events. */
public interface AuditTrail {
  /** Records an event, in the current transaction if there is one. */
  void record(AuditEvent event);

  /** Records several events together. */
  default void recordAll(List<AuditEvent> events) {
    events.forEach(this::record);
  }
}
