package io.claviger.imports.dhamps;

import io.claviger.application.shared.port.AuditTrail;
import io.claviger.application.shared.port.Ids;
import io.claviger.domain.audit.AuditAction;
import io.claviger.domain.audit.AuditEvent;
import io.claviger.domain.audit.AuditOutcome;
import io.claviger.domain.audit.AuditTarget;
import io.claviger.imports.dhamps.port.ImportStore;
import io.claviger.imports.dhamps.port.ImportStore.ImportedRow;
import io.claviger.imports.shared.ImportedKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Records the imported rows and their audit events, many at once. */
final class ImportJournal {
  /** The request id of the import's audit events. */
  private static final String COMMAND = "import dhamps";

  private static final int BATCH = 2_000;

  private final ImportStore store;
  private final AuditTrail trail;
  private final Ids ids;
  private final Instant now;
  private final String source;
  private final List<ImportedRow> came = new ArrayList<>();
  private final List<AuditEvent> events = new ArrayList<>();

  ImportJournal(ImportStore store, AuditTrail trail, Ids ids, Instant now, String source) {
    this.store = store;
    this.trail = trail;
    this.ids = ids;
    this.now = now;
    this.source = source;
  }

  void record(
      ImportedKind kind,
      String name,
      Optional<UUID> id,
      AuditAction action,
      AuditTarget target,
      List<String> fields) {
    came.add(new ImportedRow(source, kind, name, id));
    events.add(
        AuditEvent.withoutActor(
            ids.next(),
            now,
            AuditEvent.COMMAND_LINE,
            COMMAND,
            action,
            target,
            AuditOutcome.DONE,
            fields));
    if (came.size() == BATCH) {
      flush();
    }
  }

  void flush() {
    store.record(came);
    trail.recordAll(events);
    came.clear();
    events.clear();
  }
}
