package io.claviger.persistence.shared;

import io.claviger.application.shared.StoreUnavailable;
import java.sql.SQLException;

/**
 * Accepts rows only from the primary server, because the latest changes may be missing on a
 * replica. Connections are made to the primary server, but behind a pooler any server may answer a
 * statement.
 */
public final class PrimaryAnswers {
  /** The column in which a statement returns which server answered it. */
  public static final String COLUMN = "pg_is_in_recovery() as from_replica";

  private PrimaryAnswers() {}

  /**
   * Checks a row with {@link #COLUMN}.
   *
   * @throws StoreUnavailable when a replica answered
   */
  public static void require(Row row) throws SQLException {
    if (row.flag("from_replica")) {
      throw new StoreUnavailable(new SQLException("a replica answered"));
    }
  }
}
