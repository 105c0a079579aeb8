package io.claviger.persistence.audit;

import io.claviger.application.shared.out.AuditTrail;
import io.claviger.persistence.shared.Database;

/** Builds the port of the audit trail. */
public final class AuditPersistence {
  private AuditPersistence() {}

  public static AuditTrail auditTrail(Database database) {
    return new JdbcAuditTrail(database.jdbc());
  }
}
