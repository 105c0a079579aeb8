package io.claviger.bootstrap.database;

import com.zaxxer.hikari.HikariDataSource;
import io.claviger.bootstrap.settings.DatabaseSettings;
import io.claviger.bootstrap.settings.Settings;
import io.claviger.bootstrap.wiring.Connections;
import io.claviger.embeddedpostgres.EmbeddedDatabase;
import io.claviger.operator.DataDirectory;
import io.claviger.operator.DatabaseAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The database of the environment, the operator's or the embedded one, and a pool on it. */
public final class ConnectedDatabase implements AutoCloseable {
  private final Optional<EmbeddedDatabase> embedded;
  private final HikariDataSource pool;
  private final HikariDataSource calls;
  private final HikariDataSource watching;
  private final DatabaseAddress address;
  private final DatabaseAddress forMigrations;

  private ConnectedDatabase(Optional<EmbeddedDatabase> embedded, DatabaseSettings settings) {
    this.embedded = embedded;
    this.address = embedded.map(EmbeddedDatabase::address).or(settings::given).orElseThrow();
    this.forMigrations = settings.forMigrations().orElse(address);
    try {
      this.pool = DataSources.pool(address, settings.poolSize());
      this.calls = DataSources.calls(address, settings.poolSize());
      this.watching = DataSources.watching(address);
    } catch (RuntimeException e) {
      embedded.ifPresent(EmbeddedDatabase::close);
      throw e;
    }
  }

  /**
   * For the process that serves.
   *
   * @throws io.claviger.operator.StartRefused if the database can't be used
   */
  public static ConnectedDatabase toServe(Settings settings) {
    return new ConnectedDatabase(
        embedding(settings).map(EmbeddedDatabase::toServe), settings.database());
  }

  /**
   * For a command.
   *
   * @throws io.claviger.operator.StartRefused if the database can't be used
   */
  public static ConnectedDatabase toJoin(Settings settings) {
    return new ConnectedDatabase(
        embedding(settings).map(EmbeddedDatabase::toJoin), settings.database());
  }

  private static Optional<DataDirectory> embedding(Settings settings) {
    return settings.database().given().isPresent()
        ? Optional.empty()
        : Optional.of(DataDirectory.open(settings.dataDirectory()));
  }

  public HikariDataSource pool() {
    return pool;
  }

  /** The pool, one for calls through the gateway, and one connection to watch changes by. */
  public Connections connections() {
    return new Connections(pool, calls, watching);
  }

  /** All pools, for who shows how busy they are. */
  public List<HikariDataSource> pools() {
    return List.of(pool, calls, watching);
  }

  /** A pool for long statements, the caller's to close. */
  public HikariDataSource patient(int size) {
    return DataSources.patient(address, size);
  }

  /** The schema owner's way in: the pool's own unless the operator named another. */
  public DatabaseAddress forMigrations() {
    return forMigrations;
  }

  /**
   * Where on this machine the database listens, as far as it is known to be here: the embedded one
   * always is.
   */
  public List<InetSocketAddress> localAddresses() {
    return Stream.of(address, forMigrations)
        .flatMap(each -> each.localPorts().stream())
        .distinct()
        .map(port -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .toList();
  }

  /** Closes the pools, then leaves the embedded server. */
  @Override
  public void close() {
    pools().forEach(HikariDataSource::close);
    embedded.ifPresent(EmbeddedDatabase::close);
  }
}
