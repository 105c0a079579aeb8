package io.claviger.bootstrap;

import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.settings.KeptEncryptionKey;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.embeddedpostgres.EmbeddedDatabase;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.host.Confidential;
import io.claviger.host.DataDirectory;
import io.claviger.inprocess.Claviger;
import io.claviger.wiring.OperatorSecrets;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An instance of {@link Claviger} whose data are in the embedded PostgreSQL. */
public final class EmbeddedClaviger implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedClaviger.class);

  private final ConnectedDatabase database;
  private final Claviger claviger;

  private EmbeddedClaviger(ConnectedDatabase database, Claviger claviger) {
    this.database = database;
    this.claviger = claviger;
  }

  /**
   * Starts an instance that, like {@code serve}, uses the files and the encryption key in a
   * directory. Only one process at a time can serve from a directory.
   *
   * @throws io.claviger.host.StartRefused if another process uses the directory, or if the
   *     directory is unusable
   */
  public static EmbeddedClaviger in(Path dataDirectory) {
    Settings settings = Settings.from(Map.of("CLAVIGER_DATA_DIR", dataDirectory.toString()));
    DataDirectory data = DataDirectory.open(settings.dataDirectory());
    Confidential keys =
        KeptEncryptionKey.orOf(settings.keys(), data, EmbeddedDatabase.existsIn(data), LOG::info);
    OperatorSecrets secrets = settings.keys().checkedWith(keys);
    ConnectedDatabase database = ConnectedDatabase.toServe(settings);
    try {
      database.migrate(secrets);
      OutboundSettings outbound =
          OutboundSettings.strict().withOwnListeners(database::localAddresses);
      return new EmbeddedClaviger(database, Claviger.on(database.pool(), secrets, outbound));
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** Returns the use cases. The use cases can be called until {@link #close} is called. */
  public Claviger claviger() {
    return claviger;
  }

  @Override
  public void close() {
    claviger.close();
    database.close();
  }
}
