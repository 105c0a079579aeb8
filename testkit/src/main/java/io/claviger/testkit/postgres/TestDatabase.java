package io.claviger.testkit.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** A separate database for a test. The database is dropped when this object is closed. */
public final class TestDatabase implements AutoCloseable {
  private static final int ENOUGH_FOR_EVERY_RACE = 20;

  private final String jdbcUrl;
  private final HikariDataSource pool;
  private final Runnable drop;

  TestDatabase(String jdbcUrl, Runnable drop) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(jdbcUrl);
    config.setMaximumPoolSize(ENOUGH_FOR_EVERY_RACE);
    config.setMinimumIdle(1);
    this.jdbcUrl = jdbcUrl;
    this.pool = new HikariDataSource(config);
    this.drop = drop;
  }

  /**
   * Opens all connections of the pool, and returns this database. The pool would otherwise open
   * them one after the other when a race begins. The first threads of the race would be done before
   * the last ones had a connection, and then the pool would open no more connections.
   */
  public TestDatabase connected() {
    connect(pool);
    return this;
  }

  /** Opens all connections of another pool, for the same reason. */
  public static void connect(HikariDataSource pool) {
    List<Connection> all = new ArrayList<>();
    try {
      try {
        for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
          all.add(pool.getConnection());
        }
      } finally {
        for (Connection each : all) {
          each.close();
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the test database does not answer", e);
    }
  }

  /** Returns a pool of connections to this database. */
  public DataSource dataSource() {
    return pool;
  }

  /**
   * Returns the URL with the user and the password, in a form that {@code DATABASE_URL} accepts.
   */
  public String jdbcUrl() {
    return jdbcUrl;
  }

  @Override
  public void close() {
    pool.close();
    drop.run();
  }
}
