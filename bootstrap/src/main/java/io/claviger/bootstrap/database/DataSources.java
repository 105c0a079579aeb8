package io.claviger.bootstrap.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.claviger.embeddedpostgres.LoginAttempt;
import io.claviger.operator.DatabaseAddress;
import io.claviger.operator.StartRefused;

/** Pools of connections to a database that was seen to work. */
public final class DataSources {
  private static final long WAIT_FOR_CONNECTION_MILLIS = 5_000;
  private static final long CALLS_WAIT_MILLIS = 3_000;
  private static final long WATCHING_WAIT_MILLIS = 1_000;
  private static final long KEEPALIVE_MILLIS = 120_000;
  private static final int IDLE_CONNECTIONS = 2;
  private static final int MOST_FOR_CALLS = 8;

  private DataSources() {}

  /**
   * For serving. A statement that the server answers nothing to for 30 seconds is given up, so that
   * a half-open connection can't hold a request for ever.
   *
   * @throws StartRefused within 10 seconds, in one line, if the database can't be used
   */
  public static HikariDataSource pool(DatabaseAddress address, int size) {
    HikariConfig config = config(address, size);
    config.addDataSourceProperty("socketTimeout", "30");
    return new HikariDataSource(config);
  }

  /** For migrations and other long statements: as {@link #pool}, but patient with the server. */
  public static HikariDataSource patient(DatabaseAddress address, int size) {
    return new HikariDataSource(config(address, size));
  }

  /**
   * For what calls through the gateway ask: few connections, since calls that ask the same wait for
   * one answer, and impatient, since nobody waits longer for a call to be allowed.
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
   * For reading somebody else's database: one connection that may not write.
   *
   * @throws StartRefused within 10 seconds, in one line, if the database can't be used
   */
  public static HikariDataSource reading(DatabaseAddress address) {
    HikariConfig config = config(address, 1);
    config.setPoolName("claviger-reading");
    config.setReadOnly(true);
    // No idle connection is replaced while the one is in use.
    config.setMinimumIdle(0);
    config.addDataSourceProperty("readOnlyMode", "always");
    return new HikariDataSource(config);
  }

  /**
   * For looking again and again whether something was changed: one connection for that alone, so
   * that the look never waits for one, and impatient, so that a half-open one is noticed soon.
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
    // Before the pool tries: it would log its failure with a stack trace.
    LoginAttempt.check(address);
    HikariConfig config = new HikariConfig();
    config.setPoolName("claviger");
    config.setJdbcUrl(address.jdbcUrl());
    address.user().ifPresent(config::setUsername);
    address.password().map(password -> password.lend(String::new)).ifPresent(config::setPassword);
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(Math.min(IDLE_CONNECTIONS, size));
    config.setConnectionTimeout(WAIT_FOR_CONNECTION_MILLIS);
    // What the locks in the use cases are written for, whatever the server's own default.
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setKeepaliveTime(KEEPALIVE_MILLIS);
    config.addDataSourceProperty("ApplicationName", "claviger");
    config.addDataSourceProperty("connectTimeout", "4");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    return config;
  }
}
