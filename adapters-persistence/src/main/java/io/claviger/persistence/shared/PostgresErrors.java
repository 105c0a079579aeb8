package io.claviger.persistence.shared;

import io.claviger.application.shared.LostRace;
import io.claviger.application.shared.StillInUse;
import io.claviger.application.shared.StoreUnavailable;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;

/**
 * The one place that knows what an error of PostgreSQL means to the application (PostgreSQL,
 * appendix A: error codes). What is not listed here is a fault of the program.
 */
final class PostgresErrors implements SQLExceptionTranslator {
  private static final String UNIQUE_VIOLATION = "23505";
  private static final String FOREIGN_KEY_VIOLATION = "23503";
  private static final String RESTRICT_VIOLATION = "23001";
  private static final String SERIALIZATION_FAILURE = "40001";
  private static final String DEADLOCK_DETECTED = "40P01";

  private final SQLExceptionTranslator others = new SQLStateSQLExceptionTranslator();

  @Override
  public @Nullable DataAccessException translate(
      String task, @Nullable String sql, SQLException e) {
    return switch (state(e)) {
      case UNIQUE_VIOLATION -> throw new LostRace(LostRace.How.TAKEN, e);
      case SERIALIZATION_FAILURE, DEADLOCK_DETECTED ->
          throw new LostRace(LostRace.How.NOT_SERIALIZABLE, e);
      case RESTRICT_VIOLATION -> throw new StillInUse(e);
      // PostgreSQL says the same of a row that refers to nothing and of one still referred to.
      case FOREIGN_KEY_VIOLATION ->
          throw deletes(sql) ? new StillInUse(e) : new LostRace(LostRace.How.REFERENCE_GONE, e);
      default -> unavailableOrFault(task, sql, e);
    };
  }

  private @Nullable DataAccessException unavailableOrFault(
      String task, @Nullable String sql, SQLException e) {
    String state = state(e);
    // Connection exception, insufficient resources, shutdown or start of the server.
    if (state.startsWith("08") || state.startsWith("53") || state.startsWith("57P0")) {
      throw new StoreUnavailable(e);
    }
    return others.translate(task, sql, e);
  }

  private static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }

  private static boolean deletes(@Nullable String sql) {
    return sql != null && sql.stripLeading().toLowerCase(Locale.ROOT).startsWith("delete");
  }
}
