package io.claviger.application.audit.port;

import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditEvent;
import java.util.List;
import java.util.Optional;

/** Reads the audit trail. */
public interface AuditEventStore {
  /**
   * Lists events by time, then id, newest first.
   *
   * @param owner limits the list to events about things that belonged to this user at the time;
   *     empty for a reader who sees everything
   */
  List<AuditEvent> newest(
      Optional<User.Id> owner, AuditFilter filter, Optional<TimeCursor> after, int limit);
}
