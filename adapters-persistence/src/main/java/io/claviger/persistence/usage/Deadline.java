package io.claviger.persistence.usage;

import io.claviger.persistence.shared.Database;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * The time at which all statements for a page of a report must have ended.
 *
 * @param nanos the deadline as a {@link System#nanoTime}
 */
record Deadline(Database database, long nanos) {
  /** How long the database may work on one page. */
  private static final Duration MOST = Duration.ofSeconds(10);

  static Deadline of(Database database) {
    return new Deadline(database, System.nanoTime() + MOST.toNanos());
  }

  /**
   * Returns a statement that the database cancels at the deadline. The remaining time is rounded to
   * whole seconds.
   */
  StatementSpec sql(String statement) {
    return database.lists(seconds()).sql(statement);
  }

  /**
   * Returns a statement like {@link #sql}, but with a plan that PostgreSQL keeps and uses for all
   * values.
   */
  StatementSpec planned(String statement) {
    return database.planned(seconds()).sql(statement);
  }

  private int seconds() {
    long left = TimeUnit.NANOSECONDS.toSeconds(nanos - System.nanoTime());
    return Math.toIntExact(Math.max(1, left));
  }
}
