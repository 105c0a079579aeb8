package io.claviger.bootstrap.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.database.DataSources;
import io.claviger.bootstrap.node.Node;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.custody.TinkSealer;
import io.claviger.embeddedpostgres.LoginAttempt;
import io.claviger.host.DatabaseAddress;
import io.claviger.host.StartRefused;
import io.claviger.imports.shared.ArrivalJournal;
import io.claviger.imports.shared.BatchedImport;
import io.claviger.imports.shared.BatchedImport.Outcome;
import io.claviger.imports.shared.ImportReport;
import io.claviger.imports.shared.ImportSource;
import io.claviger.imports.shared.SourceSnapshot;
import io.claviger.imports.shared.TargetStores;
import io.claviger.imports.shared.UnreadableSource;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.CommandContext;
import io.claviger.wiring.KeyringSentence;
import io.claviger.wiring.OperatorSecrets;
import java.util.Optional;
import java.util.function.Function;

/**
 * Imports from another system into the database that the settings name, or undoes such an import.
 * The import works whether or not nodes are running.
 */
final class SystemImport {
  private static final String GOES_ON =
      "; what was done before is kept, and the same command continues with the rest";

  private final Settings settings;
  private final String program;
  private final boolean dryRun;
  private final boolean replacingKeys;
  private final BatchedImport.RunChoice runs;

  /**
   * @param program the command's name, which identifies the other system
   * @param replacingKeys whether services that were imported by earlier runs get the keys that
   *     these services now have in the other system
   */
  SystemImport(
      Settings settings,
      String program,
      boolean dryRun,
      boolean replacingKeys,
      BatchedImport.RunChoice runs) {
    this.replacingKeys = replacingKeys;
    this.settings = settings;
    this.program = program;
    this.dryRun = dryRun;
    this.runs = runs;
  }

  /** Creates the reader of the other system's data, and the rules for importing the data. */
  @FunctionalInterface
  interface SourceOf {
    ImportSource of(SourceSnapshot snapshot, TargetStores stores);
  }

  /**
   * @throws StartRefused if nothing could be imported, or if the import stopped early
   */
  ImportReport from(DatabaseAddress from, SourceOf other) {
    try (HikariDataSource source = DataSources.reading(LoginAttempt.checkedToRead(from));
        SourceSnapshot snapshot = SourceSnapshot.open(source, program, Function.identity())) {
      return stores(
          (batches, stores) -> {
            Outcome outcome = batches.run(other.of(snapshot, stores), dryRun, runs);
            if (outcome instanceof Outcome.SourceLost lost) {
              throw unreadable(from, lost.why(), GOES_ON);
            }
            return outcome;
          });
    } catch (UnreadableSource e) {
      throw unreadable(from, e, "");
    } catch (ImportSource.WrongSourceKey e) {
      throw new StartRefused(String.valueOf(e.getMessage()), e);
    }
  }

  private static StartRefused unreadable(DatabaseAddress from, UnreadableSource why, String and) {
    return new StartRefused(
        "the database %s: %s%s".formatted(from.place(), why.getMessage(), and), why);
  }

  ImportReport undo(ReportFile.Run run) {
    return stores((batches, stores) -> batches.undo(program, run.source(), run.id(), dryRun));
  }

  @FunctionalInterface
  private interface Work {
    Outcome with(BatchedImport batches, TargetStores stores);
  }

  private ImportReport stores(Work work) {
    OperatorSecrets secrets =
        settings
            .keys()
            .checkedWith(Node.encryptionKeys(settings, ConnectedDatabase.data(settings)));
    try (ConnectedDatabase database = ConnectedDatabase.toCreateOrJoin(settings)) {
      database.migrate(secrets);
      TinkSealer sealer = new TinkSealer(secrets.keyring());
      try (HikariDataSource target = database.patient(2);
          CommandContext context = CommandContext.of(target, Optional.of(sealer), "import")) {
        AuditedChanges changes = context.get(AuditedChanges.class);
        TargetStores stores =
            new TargetStores(context.get(Database.class), sealer, program, replacingKeys);
        BatchedImport batches =
            new BatchedImport(
                new ArrivalJournal(context.get(Database.class)),
                context.get(KeyringAdmission.class),
                changes,
                () -> stores.mendDefaultModel(changes.now()));
        return report(work.with(batches, stores));
      }
    } catch (StoreUnavailable e) {
      throw new StartRefused(e.getMessage() + GOES_ON, e);
    }
  }

  private static ImportReport report(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done done -> done.report();
      case Outcome.NotAdmitted not -> throw new StartRefused(KeyringSentence.of(not.why()));
      case Outcome.SameDatabase same ->
          throw new StartRefused("--from names the database that Claviger itself uses");
      case Outcome.InTheWay inTheWay ->
          throw new StartRefused("other changes kept conflicting with the import" + GOES_ON);
      case Outcome.SourceLost lost -> throw lost.why();
    };
  }
}
