package io.claviger.application.shared;

import io.claviger.domain.accounts.UserId;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditTarget;
import java.util.ArrayList;
import java.util.List;

/** What an attempt has changed so far: it becomes audit events when its transaction ends. */
public final class ChangeLog {
  record Entry(AuditAction action, AuditTarget target, List<String> fields) {}

  /** Something that there is one more of now. */
  record Addition(UserId user, CountedKind kind) {}

  private final List<Entry> entries = new ArrayList<>();
  private final List<Addition> additions = new ArrayList<>();
  private AuditAction attempted;
  private AuditTarget target;

  /**
   * @param attempted what a refusal is recorded as
   * @param target what it is about
   */
  ChangeLog(AuditAction attempted, AuditTarget target) {
    this.attempted = attempted;
    this.target = target;
  }

  /** Says what is attempted, once that is known: a refusal is recorded as this from here on. */
  public void recordAttemptAs(AuditAction action) {
    attempted = action;
  }

  /**
   * Says what the attempt is about, once the actor is known to see it: a refusal is from here on
   * recorded with its id, and shown to its owner.
   */
  public void setTarget(AuditTarget found) {
    target = found;
  }

  AuditTarget target() {
    return target;
  }

  AuditAction attempted() {
    return attempted;
  }

  /**
   * @param fields the names of the fields changed
   */
  public void recordChange(AuditAction action, AuditTarget target, List<String> fields) {
    entries.add(new Entry(action, target, List.copyOf(fields)));
  }

  /**
   * Says that a user has one more of a kind; the attempt is refused if that is more than they may.
   */
  public void recordAddition(CountedKind kind, UserId user) {
    additions.add(new Addition(user, kind));
  }

  List<Addition> additions() {
    return additions;
  }

  List<Entry> entries() {
    return entries;
  }
}
