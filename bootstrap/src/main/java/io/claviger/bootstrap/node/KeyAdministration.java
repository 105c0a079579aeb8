package io.claviger.bootstrap.node;

import io.claviger.application.keys.RotationModule;
import io.claviger.application.keys.port.Sealer;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.bootstrap.cli.Programs;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.bootstrap.wiring.OperatorSecrets;
import io.claviger.custody.TinkSealer;
import io.claviger.domain.keys.NodeKeys;
import io.claviger.operator.Confidential;
import io.claviger.operator.DataDirectory;
import io.claviger.persistence.PersistenceModule;
import java.time.InstantSource;
import java.util.Optional;

/** What {@code keys} works on: beside running nodes or without one; it is no node itself. */
public final class KeyAdministration implements Programs.Keys {
  @Override
  public Programs.OpenKeys open(Settings settings) {
    Optional<Sealer> sealer = sealer(settings);
    ConnectedDatabase database = ConnectedDatabase.toJoin(settings);
    try {
      SchemaAtStart.migrate(database);
      return new Opened(database, rotation(database, sealer), sealer);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** Those of the environment, else the one that is kept beside the embedded database. */
  private static Optional<Sealer> sealer(Settings settings) {
    Optional<Confidential> keys =
        settings
            .keys()
            .encryptionKeys()
            .or(
                () ->
                    settings.database().given().isPresent()
                        ? Optional.empty()
                        : DataDirectory.open(settings.dataDirectory())
                            .read(DataDirectory.ENCRYPTION_KEY));
    return keys.map(text -> new TinkSealer(OperatorSecrets.of(text, settings.keys()).keyring()));
  }

  private static RotationModule rotation(ConnectedDatabase database, Optional<Sealer> sealer) {
    InstantSource clock = InstantSource.system();
    PersistenceModule ports = new PersistenceModule(database.pool(), clock);
    return RotationModule.of(
        ports.encryptionKeys(),
        ports.nodes(),
        ports.sealedValues(),
        sealer,
        ports.transactions(),
        ports.auditTrail(),
        ports.ids(),
        new AuditedChanges(ports.transactions(), ports.auditTrail(), ports.ids(), clock));
  }

  private record Opened(
      ConnectedDatabase database, RotationModule rotation, Optional<Sealer> sealer)
      implements Programs.OpenKeys {
    @Override
    public Optional<NodeKeys> given() {
      return sealer.map(s -> new NodeKeys("here", s.keys(), s.sealingKey()));
    }

    @Override
    public void close() {
      database.close();
    }
  }
}
