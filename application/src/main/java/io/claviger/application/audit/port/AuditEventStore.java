package io.claviger.application.audit.port;

import io.claviger.application.shared.TimeCursor;
import io.claviger.domain.accounts.User;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads the audit trail. */
public interface AuditEventStore {
  /**
   * Reads events by time, then id, newest first, until the function that takes them returns false.
   * Keeps only a few events in memory at a time.
   *
   * @param owner a user; if present, only events about things that belonged to this user at the
   *     time of the event are read; empty if the reader sees everything
   */
  void newest(
      Optional<User.Id> owner,
      AuditFilter filter,
      Optional<TimeCursor> after,
      int limit,
      Predicate<AuditEvent> taker);

  /**
   * Lists, for each service account for which a user is responsible, the newest event with the
   * given action. Managers of a group are also responsible for the group's service accounts. The
   * list is sorted by time, then id, newest first.
   *
   * @param since the earliest time of a listed event
   */
  List<AuditEvent> newestOfAccounts(
      User.Id responsible, AuditAction action, Instant since, int limit);
}
