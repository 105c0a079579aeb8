package io.claviger.imports.dhamps;

import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Backoff;
import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.port.Ids;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.imports.dhamps.port.ImportStore;
import io.claviger.imports.dhamps.port.SourceDatabase;
import io.claviger.imports.dhamps.port.SourceDecryption;
import io.claviger.imports.dhamps.rules.SourceContent;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

final class ImportRun implements DhampsImport {
  private static final int TRIES = 5;

  private final SourceDatabase old;
  private final SourceDecryption oldSealing;
  private final ImportStore store;
  private final ApiStandardStore standards;
  private final KeyringAdmission admission;
  private final Sealer sealer;
  private final AuditedChanges changes;

  ImportRun(
      SourceDatabase old,
      SourceDecryption oldSealing,
      ImportStore store,
      ApiStandardStore standards,
      KeyringAdmission admission,
      Sealer sealer,
      AuditedChanges changes) {
    this.old = old;
    this.oldSealing = oldSealing;
    this.store = store;
    this.standards = standards;
    this.admission = admission;
    this.sealer = sealer;
    this.changes = changes;
  }

  @Override
  public Outcome moveIn(Command command) {
    String source = old.identity();
    if (source.equals(store.database())) {
      return new Outcome.SameDatabase();
    }
    SourceContent content = old.content();
    List<String> unknown = unknownNames(content, command);
    if (!unknown.isEmpty()) {
      return new Outcome.UnknownNames(unknown);
    }
    for (int attempt = 1; ; attempt++) {
      try {
        return changes.transactions().inTransaction(() -> importAll(command, source, content));
      } catch (ImportRolledBack e) {
        return e.outcome();
      } catch (ConcurrencyConflict e) {
        if (attempt == TRIES) {
          return new Outcome.InTheWay();
        }
        Backoff.pause(attempt);
      }
    }
  }

  private Outcome importAll(Command command, String source, SourceContent content) {
    store.begin();
    KeyringAdmission.AdmissionOutcome admitted = admission.admitCommand();
    if (!(admitted instanceof KeyringAdmission.AdmissionOutcome.Admitted)) {
      throw new ImportRolledBack(new Outcome.NotAdmitted(admitted));
    }
    Instant now = changes.now();
    Ids ids = changes.ids();
    ImportJournal journal = new ImportJournal(store, changes.trail(), ids, now, source);
    ImportContext context =
        new ImportContext(
            content, command.renames(), store, journal, store.importedFrom(source), now);
    KeyImport keys = new KeyImport(context, old, oldSealing, sealer);
    new UserImport(context, ids).run();
    new StandardImport(context, standards).run();
    new DefinitionImport(context, ids).run();
    new ServiceImport(context, ids, keys).run();
    keys.encryptedIfNoneOpened().ifPresent(n -> undo(new Outcome.WrongLegacyKey(n)));
    new ShareImport(context).run();
    new ProjectImport(context, ids).run();
    journal.flush();
    Outcome outcome = new Outcome.Moved(context.report.build(command.dryRun(), source));
    if (command.dryRun()) {
      undo(outcome);
    }
    return outcome;
  }

  private static void undo(Outcome outcome) {
    throw new ImportRolledBack(outcome);
  }

  private static List<String> unknownNames(SourceContent content, Command command) {
    Set<String> names = new HashSet<>();
    content.users().forEach(u -> names.add(u.handle()));
    content.definitions().forEach(d -> names.add(d.name()));
    content.services().forEach(s -> names.add(s.name()));
    content.projects().forEach(p -> names.add(p.name()));
    return command.renames().keySet().stream().filter(n -> !names.contains(n)).sorted().toList();
  }

  /** Rolls the transaction back and carries the outcome to report. */
  private static final class ImportRolledBack extends RuntimeException {
    private final transient DhampsImport.Outcome outcome;

    ImportRolledBack(DhampsImport.Outcome outcome) {
      super(null, null, false, false);
      this.outcome = outcome;
    }

    DhampsImport.Outcome outcome() {
      return outcome;
    }
  }
}
