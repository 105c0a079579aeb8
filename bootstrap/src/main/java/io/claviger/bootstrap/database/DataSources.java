package io.claviger.bootstrap.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.claviger.embeddedpostgres.LoginAttempt;
import io.claviger.operator.DatabaseAddress;
import io.claviger.operator.StartRefused;

/** Creates pools of connections. Each method first checks that the database works. */
public final class DataSources {
  private static final long WAIT_FOR_CONNECTION_MILLIS = 5_000;
  private static final long CALLS_WAIT_MILLIS = 3_000;
  private static final long WATCHING_WAIT_MILLIS = 1_000;
  private static final long KEEPALIVE_MILLIS = 120_000;
  private static final int IDLE_CONNECTIONS = 2;
  private static final int MOST_FOR_CALLS = 8;

  private DataSources() {}

  /**
   * Creates a pool for serving. A statement fails when the server sends nothing for 30 seconds, so
   * that a half-open connection can't block a request for ever.
   *
   * @throws StartRefused within 10 seconds, in one line, if the database can't be used
   */
  public static HikariDataSource pool(DatabaseAddress address, int size) {
    HikariConfig config = config(address, size);
    config.addDataSourceProperty("socketTimeout", "30");
    return new HikariDataSource(config);
  }

  /**
   * Creates a pool for migrations and other long statements. It is like {@link #pool} without the
   * limit of 30 seconds.
   */
  public static HikariDataSource patient(DatabaseAddress address, int size) {
    return new HikariDataSource(config(address, size));
  }

  /**
   * Creates a pool for the queries of gateway calls. It has few connections, because calls with the
   * same query share one. Its timeouts are short, because a caller does not wait long for
   * authorization.
   */
  public static HikariDataSource calls(DatabaseAddress address, int size) {
    HikariConfig config = config(address, Math.min(MOST_FOR_CALLS, size));
    config.setPoolName("claviger-calls");
    config.setConnectionTimeout(CALLS_WAIT_MILLIS);
    config.setInitializationFailTimeout(-1);
    config.addDataSourceProperty("socketTimeout", "4");
    return new HikariDataSource(config);
  }

  /**
   * Creates a read-only pool with one connection, for another program's database.
   *
   * @throws StartRefused within 10 seconds, in one line, if the database can't be used
   */
  public static HikariDataSource reading(DatabaseAddress address) {
    HikariConfig config = config(address, 1);
    config.setPoolName("claviger-reading");
    config.setReadOnly(true);
    // Otherwise the pool would open another connection while this one is in use.
    config.setMinimumIdle(0);
    config.addDataSourceProperty("readOnlyMode", "always");
    return new HikariDataSource(config);
  }

  /**
   * Creates a pool for polling for changes. It has one connection for polling alone, so polling
   * never waits for one. Its timeouts are short, so a half-open connection is detected soon.
   */
  public static HikariDataSource watching(DatabaseAddress address) {
    HikariConfig config = config(address, 1);
    config.setPoolName("claviger-watching");
    config.setConnectionTimeout(WATCHING_WAIT_MILLIS);
    config.setInitializationFailTimeout(-1);
    config.addDataSourceProperty("socketTimeout", "2");
    return new HikariDataSource(config);
  }

  private static HikariConfig config(DatabaseAddress address, int size) {
    // This check comes first, because the pool would log a failure with a stack trace.
    LoginAttempt.check(address);
    HikariConfig config = new HikariConfig();
    config.setPoolName("claviger");
    config.setJdbcUrl(address.jdbcUrl());
    address.user().ifPresent(config::setUsername);
    address.password().map(password -> password.lend(String::new)).ifPresent(config::setPassword);
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(Math.min(IDLE_CONNECTIONS, size));
    config.setConnectionTimeout(WAIT_FOR_CONNECTION_MILLIS);
    // The locks in the application rely on this isolation level, so the server's default does not
    // apply.
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setKeepaliveTime(KEEPALIVE_MILLIS);
    config.addDataSourceProperty("ApplicationName", "claviger");
    config.addDataSourceProperty("connectTimeout", "4");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    return config;
  }
}
