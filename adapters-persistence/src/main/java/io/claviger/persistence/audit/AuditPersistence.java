package io.claviger.persistence.audit;

import io.claviger.application.audit.port.AuditEventStore;
import io.claviger.application.shared.port.AuditTrail;
import io.claviger.persistence.shared.Database;

/** Builds the ports of the audit trail. */
public final class AuditPersistence {
  private AuditPersistence() {}

  public static AuditTrail auditTrail(Database database) {
    return new JdbcAuditTrail(database.jdbc());
  }

  public static AuditEventStore auditEvents(Database database) {
    return new JdbcAuditEvents(database.lists());
  }
}
