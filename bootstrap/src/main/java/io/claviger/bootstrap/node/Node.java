package io.claviger.bootstrap.node;

import io.claviger.bootstrap.cli.RunningServer;
import io.claviger.bootstrap.database.ConnectedDatabase;
import io.claviger.bootstrap.settings.KeptEncryptionKey;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.bootstrap.wiring.NodeContext;
import io.claviger.bootstrap.wiring.OperatorSecrets;
import io.claviger.embeddedpostgres.EmbeddedDatabase;
import io.claviger.gateway.out.OutboundSettings;
import io.claviger.operator.Confidential;
import io.claviger.operator.DataDirectory;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node that serves. It starts the database, the application and then the two listeners. It stops
 * them in reverse order.
 */
public final class Node implements RunningServer {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);

  private final ConnectedDatabase database;
  private final NodeContext context;
  private final Heartbeat heartbeat;
  private final BackgroundTasks upkeep;
  private final Listeners listeners;

  private Node(
      ConnectedDatabase database,
      NodeContext context,
      Heartbeat heartbeat,
      BackgroundTasks upkeep,
      Listeners listeners) {
    this.database = database;
    this.context = context;
    this.heartbeat = heartbeat;
    this.upkeep = upkeep;
    this.listeners = listeners;
  }

  /**
   * @throws io.claviger.operator.StartRefused for problems that the operator can fix
   */
  public static Node start(Settings settings) {
    Listeners.demandFreePorts(settings.listeners());
    Optional<DataDirectory> data = data(settings);
    // The keys are read before the database is created: they may be refused, and a new key is made
    // only for a new database.
    OperatorSecrets secrets = OperatorSecrets.of(encryptionKeys(settings, data), settings.keys());
    ConnectedDatabase database = ConnectedDatabase.toServe(settings);
    try {
      return start(settings, secrets, data, database);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static Node start(
      Settings settings,
      OperatorSecrets secrets,
      Optional<DataDirectory> data,
      ConnectedDatabase database) {
    SchemaAtStart.migrate(database);
    OwnListeners own = new OwnListeners();
    database.localAddresses().forEach(own::add);
    OutboundSettings outbound = Listeners.outbound(settings, own);
    NodeContext context =
        NodeContext.of(
            database.connections(),
            secrets,
            outbound,
            settings.quotas(),
            NodeName.of(settings.listeners()));
    try {
      StartupKeyCheck.demand(context.keyringAdmission());
      Heartbeat heartbeat = Heartbeat.start(context);
      BackgroundTasks upkeep = BackgroundTasks.start(context);
      try {
        RootAtStart.establish(context.users(), secrets.adminToken(), data);
        return new Node(
            database,
            context,
            heartbeat,
            upkeep,
            Listeners.start(settings, context, database.pools(), outbound, own));
      } catch (RuntimeException e) {
        upkeep.stop();
        heartbeat.stop();
        throw e;
      }
    } catch (RuntimeException e) {
      context.close();
      throw e;
    }
  }

  /** The data directory. Empty if the database is not the embedded one. */
  static Optional<DataDirectory> data(Settings settings) {
    return settings.database().given().isPresent()
        ? Optional.empty()
        : Optional.of(DataDirectory.open(settings.dataDirectory()));
  }

  static Confidential encryptionKeys(Settings settings, Optional<DataDirectory> data) {
    return data.map(
            directory ->
                KeptEncryptionKey.orOf(
                    settings.keys(), directory, EmbeddedDatabase.existsIn(directory), LOG::info))
        .orElseGet(() -> settings.keys().encryptionKeys().orElseThrow());
  }

  @Override
  public URI api() {
    return listeners.api();
  }

  @Override
  public URI gateway() {
    return listeners.gateway();
  }

  /** The application that it serves, for code in the same process. */
  NodeContext context() {
    return context;
  }

  @Override
  public Duration notice() {
    return listeners.notice();
  }

  @Override
  public void stop(Duration grace) {
    listeners.leave();
    listeners.stop(grace);
    upkeep.stop();
    heartbeat.stop();
    context.close();
    database.close();
  }
}
