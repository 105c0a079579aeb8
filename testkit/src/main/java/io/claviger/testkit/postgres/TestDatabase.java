package io.claviger.testkit.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
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
