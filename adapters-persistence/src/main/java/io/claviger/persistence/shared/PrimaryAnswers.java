package io.claviger.persistence.shared;

import io.claviger.application.shared.StoreUnavailable;
import java.sql.SQLException;

/**
 * Accepts rows only from the primary server, because a replica might lack the latest changes.
 * Connections lead to the primary server, but with a pooler, any server can answer a statement.
 */
public final class PrimaryAnswers {
  /** The result column that says whether a replica answered. */
  public static final String COLUMN = "pg_is_in_recovery() as from_replica";

  private PrimaryAnswers() {}

  /**
   * Checks, by the row's column {@link #COLUMN}, that the primary server answered.
   *
   * @throws StoreUnavailable if a replica answered
   */
  public static void require(Row row) throws SQLException {
    if (row.flag("from_replica")) {
      throw new StoreUnavailable(
          "the database is a replica, which might lack the latest changes",
          new SQLException("a replica answered"));
    }
  }
}
