package io.claviger.persistence.shared;

import io.claviger.application.shared.StoreUnavailable;
import java.sql.SQLException;

/**
 * Accepts rows only from the primary server, because a replica may not have the latest changes yet.
 * Connections are made to the primary server, but if there is a pooler in between, any server may
 * answer a statement.
 */
public final class PrimaryAnswers {
  /** The column by which the result of a statement says whether a replica answered it. */
  public static final String COLUMN = "pg_is_in_recovery() as from_replica";

  private PrimaryAnswers() {}

  /**
   * Checks a row that contains {@link #COLUMN}.
   *
   * @throws StoreUnavailable when a replica has answered
   */
  public static void require(Row row) throws SQLException {
    if (row.flag("from_replica")) {
      throw new StoreUnavailable(new SQLException("a replica answered"));
    }
  }
}
