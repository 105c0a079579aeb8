package io.claviger.application.audit.port;

import io.claviger.application.audit.AuditFilter;
import io.claviger.application.audit.TimeSpan;
import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.audit.AuditEvent;
import java.util.List;
import java.util.Optional;

/** The audit trail, to be read. */
public interface AuditEventStore {
  /**
   * Events by time and id, newest first.
   *
   * @param owner sees what is about things that were theirs at the time; empty for who sees
   *     everything
   */
  List<AuditEvent> newest(
      Optional<UserId> owner, AuditFilter filter, Optional<TimeCursor> after, int limit);

  /** Events by time and id, oldest first. */
  List<AuditEvent> oldest(TimeSpan span, Optional<TimeCursor> after, int limit);
}
