package io.claviger.bootstrap.node;

import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.keys.KeyringAdmission;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.standards.port.ApiStandardStore;
import io.claviger.bootstrap.cli.Programs;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.database.DataSources;
import io.claviger.bootstrap.settings.LegacyKeyFile;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.custody.TinkSealer;
import io.claviger.dhampsimport.DhampsImport;
import io.claviger.dhampsimport.DhampsImport.Outcome;
import io.claviger.dhampsimport.ImportReport;
import io.claviger.dhampsimport.crypto.DhampsDecryption;
import io.claviger.dhampsimport.jdbc.JdbcImportStore;
import io.claviger.dhampsimport.jdbc.JdbcSourceDatabase;
import io.claviger.dhampsimport.jdbc.UnreadableSource;
import io.claviger.embeddedpostgres.LoginAttempt;
import io.claviger.host.StartRefused;
import io.claviger.persistence.shared.Database;
import io.claviger.wiring.CommandContext;
import io.claviger.wiring.KeyringSentence;
import io.claviger.wiring.OperatorSecrets;
import java.util.Optional;

/** The program behind {@code import dhamps}. It works with or without running nodes. */
public final class ImportDhamps implements Programs.ImportDhamps {
  @Override
  public ImportReport run(Settings settings, ImportOptions options) {
    DhampsDecryption sealing =
        options
            .legacyKeyFile()
            .map(file -> LegacyKeyFile.read(file, DhampsDecryption::under))
            .orElseGet(DhampsDecryption::withoutKey);
    OperatorSecrets secrets =
        settings.keys().checkedWith(Node.encryptionKeys(settings, Node.data(settings)));
    try (HikariDataSource source = DataSources.reading(LoginAttempt.checkedToRead(options.from()));
        JdbcSourceDatabase old = JdbcSourceDatabase.open(source);
        ConnectedDatabase database = ConnectedDatabase.toCreateOrJoin(settings)) {
      database.migrate();
      TinkSealer sealer = new TinkSealer(secrets.keyring());
      try (HikariDataSource target = database.patient(2);
          CommandContext context = CommandContext.of(target, Optional.of(sealer), "import")) {
        return report(
            intoDatabase(context, old, sealing, sealer)
                .moveIn(new DhampsImport.Command(options.renames(), options.dryRun())));
      }
    } catch (UnreadableSource e) {
      throw new StartRefused(
          "the database %s: %s".formatted(options.from().place(), e.getMessage()), e);
    } catch (StoreUnavailable e) {
      throw new StartRefused("the database became unreachable; nothing was changed", e);
    }
  }

  private static DhampsImport intoDatabase(
      CommandContext context, JdbcSourceDatabase old, DhampsDecryption sealing, Sealer sealer) {
    return DhampsImport.of(
        old,
        sealing,
        new JdbcImportStore(context.get(Database.class)),
        context.get(ApiStandardStore.class),
        context.get(KeyringAdmission.class),
        sealer,
        context.get(AuditedChanges.class));
  }

  private static ImportReport report(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Moved moved -> moved.report();
      case Outcome.NotAdmitted not -> throw new StartRefused(KeyringSentence.of(not.why()));
      case Outcome.SameDatabase same ->
          throw new StartRefused("--from names the database that Claviger itself uses");
      case Outcome.WrongLegacyKey wrong ->
          throw new StartRefused(
              "none of the %d encrypted keys opens with the given legacy key, so it is the wrong one; nothing was imported"
                  .formatted(wrong.encrypted()));
      case Outcome.UnknownNames unknown ->
          throw new StartRefused(
              "--rename: the source has nothing with the name "
                  + String.join(", ", unknown.names()));
      case Outcome.InTheWay inTheWay ->
          throw new StartRefused(
              "other changes kept conflicting with the import; nothing was imported, try again");
    };
  }
}
