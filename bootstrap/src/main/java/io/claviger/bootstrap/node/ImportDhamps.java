package io.claviger.bootstrap.node;

import com.zaxxer.hikari.HikariDataSource;
import io.claviger.application.keys.AdmitKeyring;
import io.claviger.application.keys.KeysModule;
import io.claviger.application.moving.MoveIn;
import io.claviger.application.moving.MoveIn.Outcome;
import io.claviger.application.moving.MovingModule;
import io.claviger.application.moving.Report;
import io.claviger.application.shared.Attempts;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.bootstrap.cli.Programs;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.database.DataSources;
import io.claviger.bootstrap.settings.LegacyKeyFile;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.bootstrap.settings.StartRefused;
import io.claviger.bootstrap.wiring.KeyringSentence;
import io.claviger.bootstrap.wiring.OperatorSecrets;
import io.claviger.custody.DhampsSealing;
import io.claviger.custody.TinkSealer;
import io.claviger.persistence.PersistenceModule;
import io.claviger.persistence.moving.JdbcOldDatabase;
import io.claviger.persistence.moving.UnreadableSource;
import java.time.InstantSource;

/** {@code import dhamps}: works beside running nodes or without one. */
public final class ImportDhamps implements Programs.ImportDhamps {
  @Override
  public Report run(Settings settings, Order order) {
    DhampsSealing sealing =
        order
            .legacyKeyFile()
            .map(file -> LegacyKeyFile.read(file, DhampsSealing::under))
            .orElseGet(DhampsSealing::withoutKey);
    OperatorSecrets secrets =
        OperatorSecrets.of(Node.encryptionKeys(settings, Node.data(settings)), settings.keys());
    try (HikariDataSource source = DataSources.reading(order.from());
        JdbcOldDatabase old = JdbcOldDatabase.open(source);
        ConnectedDatabase database = ConnectedDatabase.toJoin(settings)) {
      SchemaAtStart.migrate(database);
      try (HikariDataSource target = database.patient(2)) {
        return report(
            module(target, old, sealing, secrets)
                .moveIn()
                .moveIn(new MoveIn.Command(order.renames(), order.dryRun())));
      }
    } catch (UnreadableSource e) {
      throw new StartRefused(
          "the database %s: %s".formatted(order.from().place(), e.getMessage()), e);
    } catch (StoreUnavailable e) {
      throw new StartRefused("the database went away; nothing was changed", e);
    }
  }

  private static MovingModule module(
      HikariDataSource target,
      JdbcOldDatabase old,
      DhampsSealing sealing,
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
                new Attempts(ports.transactions(), ports.auditTrail(), ports.ids(), clock),
                "import")
            .admitKeyring();
    return MovingModule.of(
        old,
        sealing,
        ports.arrivals(),
        ports.apiStandards(),
        admitKeyring,
        sealer,
        ports.transactions(),
        ports.auditTrail(),
        ports.ids(),
        clock);
  }

  private static Report report(Outcome outcome) {
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
