package io.claviger.application.audit;

import io.claviger.application.audit.port.AuditEventStore;

/** Builds what shows and exports the audit trail from what it needs. */
public record AuditModule(FindAuditEvents findAuditEvents, ExportAuditEvents exportAuditEvents) {

  public static AuditModule of(AuditEventStore events) {
    return new AuditModule(
        new FindAuditEventsService(events), new ExportAuditEventsService(events));
  }
}
