package io.claviger.bootstrap.node;

import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.keys.AdmitKeyring;
import io.claviger.application.keys.KeysModule;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.bootstrap.cli.Programs;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.database.DataSources;
import io.claviger.bootstrap.settings.LegacyKeyFile;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.bootstrap.wiring.KeyringSentence;
import io.claviger.bootstrap.wiring.OperatorSecrets;
import io.claviger.custody.TinkSealer;
import io.claviger.dhampsimport.DhampsImport;
import io.claviger.dhampsimport.DhampsImport.Outcome;
import io.claviger.dhampsimport.DhampsImportModule;
import io.claviger.dhampsimport.ImportReport;
import io.claviger.dhampsimport.crypto.DhampsDecryption;
import io.claviger.dhampsimport.jdbc.JdbcImportStore;
import io.claviger.dhampsimport.jdbc.JdbcSourceDatabase;
import io.claviger.dhampsimport.jdbc.UnreadableSource;
import io.claviger.operator.StartRefused;
import io.claviger.persistence.PersistenceModule;
import java.time.InstantSource;

/** {@code import dhamps}: works beside running nodes or without one. */
public final class ImportDhamps implements Programs.ImportDhamps {
  @Override
  public ImportReport run(Settings settings, Order order) {
    DhampsDecryption sealing =
        order
            .legacyKeyFile()
            .map(file -> LegacyKeyFile.read(file, DhampsDecryption::under))
            .orElseGet(DhampsDecryption::withoutKey);
    OperatorSecrets secrets =
        OperatorSecrets.of(Node.encryptionKeys(settings, Node.data(settings)), settings.keys());
    try (HikariDataSource source = DataSources.reading(order.from());
        JdbcSourceDatabase old = JdbcSourceDatabase.open(source);
        ConnectedDatabase database = ConnectedDatabase.toJoin(settings)) {
      SchemaAtStart.migrate(database);
      try (HikariDataSource target = database.patient(2)) {
        return report(
            module(target, old, sealing, secrets)
                .moveIn()
                .moveIn(new DhampsImport.Command(order.renames(), order.dryRun())));
      }
    } catch (UnreadableSource e) {
      throw new StartRefused(
          "the database %s: %s".formatted(order.from().place(), e.getMessage()), e);
    } catch (StoreUnavailable e) {
      throw new StartRefused("the database went away; nothing was changed", e);
    }
  }

  private static DhampsImportModule module(
      HikariDataSource target,
      JdbcSourceDatabase old,
      DhampsDecryption sealing,
      OperatorSecrets secrets) {
    InstantSource clock = InstantSource.system();
    PersistenceModule ports = new PersistenceModule(target, clock);
    TinkSealer sealer = new TinkSealer(secrets.keyring());
    AdmitKeyring admitKeyring =
        KeysModule.of(
                ports.encryptionKeys(),
                ports.nodes(),
                sealer,
                ports.transactions(),
                ports.auditTrail(),
                ports.ids(),
                new AuditedChanges(ports.transactions(), ports.auditTrail(), ports.ids(), clock),
                "import")
            .admitKeyring();
    return DhampsImportModule.of(
        old,
        sealing,
        new JdbcImportStore(ports.database()),
        ports.apiStandards(),
        admitKeyring,
        sealer,
        ports.transactions(),
        ports.auditTrail(),
        ports.ids(),
        clock);
  }

  private static ImportReport report(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Moved moved -> moved.report();
      case Outcome.NotAdmitted not -> throw new StartRefused(KeyringSentence.of(not.why()));
      case Outcome.SameDatabase same ->
          throw new StartRefused("--from is the database that Claviger itself uses");
      case Outcome.WrongLegacyKey wrong ->
          throw new StartRefused(
              "none of the %d encrypted keys opens with the legacy key given: it is another one; nothing was imported"
                  .formatted(wrong.encrypted()));
      case Outcome.UnknownNames unknown ->
          throw new StartRefused(
              "--rename: nothing there is called " + String.join(", ", unknown.names()));
      case Outcome.InTheWay inTheWay ->
          throw new StartRefused(
              "others kept changing what the import depends on; nothing was imported, try again");
    };
  }
}
