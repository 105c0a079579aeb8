package io.claviger.persistence.usage;

import io.claviger.persistence.shared.Database;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * The time by which all statements of a page of a report have to end.
 *
 * @param nanos the end by the clock of {@link System#nanoTime}
 */
record Deadline(Database database, long nanos) {
  /** How long the database may work for one page. */
  private static final Duration MOST = Duration.ofSeconds(10);

  static Deadline of(Database database) {
    return new Deadline(database, System.nanoTime() + MOST.toNanos());
  }

  /**
   * A statement that the database cancels at the deadline. The remaining time is in whole seconds.
   */
  StatementSpec sql(String statement) {
    return database.lists(seconds()).sql(statement);
  }

  /**
   * Like {@link #sql}, but PostgreSQL keeps one plan for the statement, which does not depend on
   * the values.
   */
  StatementSpec planned(String statement) {
    return database.planned(seconds()).sql(statement);
  }

  private int seconds() {
    long left = TimeUnit.NANOSECONDS.toSeconds(nanos - System.nanoTime());
    return Math.toIntExact(Math.max(1, left));
  }
}
