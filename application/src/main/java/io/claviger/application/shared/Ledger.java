package io.claviger.application.shared;

import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditTarget;
import java.util.ArrayList;
import java.util.List;

/** What an attempt has changed so far: it becomes audit events when its transaction ends. */
public final class Ledger {
  record Entry(AuditAction action, AuditTarget target, List<String> fields) {}

  private final List<Entry> entries = new ArrayList<>();
  private AuditAction attempted;

  /**
   * @param attempted what a refusal is recorded as
   */
  Ledger(AuditAction attempted) {
    this.attempted = attempted;
  }

  /** Says what is attempted, once that is known: a refusal is recorded as this from here on. */
  public void attempts(AuditAction action) {
    attempted = action;
  }

  AuditAction attempted() {
    return attempted;
  }

  /**
   * @param fields the names of the fields changed
   */
  public void changed(AuditAction action, AuditTarget target, List<String> fields) {
    entries.add(new Entry(action, target, List.copyOf(fields)));
  }

  List<Entry> entries() {
    return entries;
  }
}
