package io.claviger.bootstrap.node;

import io.claviger.application.shared.StoreUnavailable;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.settings.KeptEncryptionKey;
import io.claviger.bootstrap.settings.KeySettings;
import io.claviger.bootstrap.settings.QuotaSettings;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.bootstrap.wiring.Connections;
import io.claviger.bootstrap.wiring.NodeContext;
import io.claviger.bootstrap.wiring.OperatorSecrets;
import io.claviger.embeddedpostgres.EmbeddedDatabase;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.operator.Confidential;
import io.claviger.operator.DataDirectory;
import io.claviger.operator.StartRefused;
import io.claviger.persistence.Schema;
import io.claviger.persistence.UnsuitableDatabase;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claviger without listeners, on the caller's database or the embedded one. */
public final class InProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InProcess.class);

  private final NodeContext context;
  private final Heartbeat heartbeat;
  private final Optional<ConnectedDatabase> owned;

  private InProcess(NodeContext context, Heartbeat heartbeat, Optional<ConnectedDatabase> owned) {
    this.context = context;
    this.heartbeat = heartbeat;
    this.owned = owned;
  }

  public static InProcess on(DataSource pool, String encryptionKey) {
    OperatorSecrets secrets =
        OperatorSecrets.of(
            Confidential.of(encryptionKey),
            new KeySettings(Optional.empty(), Optional.empty(), Map.of()));
    try {
      new Schema(pool).migrate();
    } catch (UnsuitableDatabase e) {
      throw new StartRefused(String.valueOf(e.getMessage()), e);
    } catch (StoreUnavailable e) {
      throw new StartRefused("the database can't be reached", e);
    }
    return start(pool, secrets, Optional.empty());
  }

  public static InProcess embedded(Path dataDirectory) {
    Settings settings = Settings.from(Map.of("CLAVIGER_DATA_DIR", dataDirectory.toString()));
    DataDirectory data = DataDirectory.open(settings.dataDirectory());
    Confidential keys =
        KeptEncryptionKey.orOf(settings.keys(), data, EmbeddedDatabase.existsIn(data), LOG::info);
    OperatorSecrets secrets = OperatorSecrets.of(keys, settings.keys());
    ConnectedDatabase database = ConnectedDatabase.toServe(settings);
    try {
      SchemaAtStart.migrate(database);
      return start(database.pool(), secrets, Optional.of(database));
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static InProcess start(
      DataSource pool, OperatorSecrets secrets, Optional<ConnectedDatabase> owned) {
    NodeContext context =
        NodeContext.of(
            Connections.allFrom(pool),
            secrets,
            OutboundSettings.strict()
                .withOwnListeners(
                    () -> owned.map(ConnectedDatabase::localAddresses).orElseGet(List::of)),
            QuotaSettings.none(),
            NodeName.inProcess());
    try {
      StartupKeyCheck.demand(context.keyringAdmission());
      Heartbeat heartbeat = Heartbeat.start(context);
      try {
        context.users().establishRoot();
        return new InProcess(context, heartbeat, owned);
      } catch (RuntimeException e) {
        heartbeat.stop();
        throw e;
      }
    } catch (RuntimeException e) {
      context.close();
      throw e;
    }
  }

  public NodeContext context() {
    return context;
  }

  @Override
  public void close() {
    heartbeat.stop();
    try {
      context.rejectedTokens().settle(Instant.now());
      context.refusedChanges().settle(Instant.now());
    } catch (StoreUnavailable e) {
      LOG.warn("the database does not answer; the most recent refusals are not recorded");
    }
    context.close();
    owned.ifPresent(ConnectedDatabase::close);
  }
}
