package io.claviger.persistence.shared;

import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.LogRate;
import io.claviger.application.shared.QueryTimeout;
import io.claviger.application.shared.StillReferenced;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.domain.InvalidValue;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.jdbc.support.SQLStateSQLExceptionTranslator;

/**
 * Translates PostgreSQL's errors for the application. No other class does this. Appendix A of
 * PostgreSQL's documentation lists the error codes. An error code that this class does not handle
 * is a bug in the program.
 */
final class PostgresErrors implements SQLExceptionTranslator {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresErrors.class);

  /** If the disk is full, each statement fails. So not every failed statement is logged. */
  private static final LogRate NEEDS_OPERATOR = new LogRate(Duration.ofMinutes(1));

  private static final String UNIQUE_VIOLATION = "23505";

  /**
   * The constraint name with which a trigger refuses a handle because the reference with this
   * handle still leads to a transferred service or project.
   */
  private static final String RESERVE = "moved_references_reserve";

  /** The constraint name with which a trigger refuses a budget's time zone. */
  private static final String ZONES = "budget_zones_known";

  /** The constraint name with which a trigger refuses to open a project to everybody. */
  private static final String OPENING = "open_projects_right";

  private static final String CHECK_VIOLATION = "23514";
  private static final String FOREIGN_KEY_VIOLATION = "23503";
  private static final String RESTRICT_VIOLATION = "23001";
  private static final String SERIALIZATION_FAILURE = "40001";
  private static final String DEADLOCK_DETECTED = "40P01";
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String QUERY_CANCELED = "57014";
  private static final String INSUFFICIENT_RESOURCES = "53";

  /** The first characters of the codes of errors of the server's machine, such as a broken disk. */
  private static final String SYSTEM_ERROR = "58";

  /**
   * The error codes of a database that lacks this program's tables or functions, or whose role may
   * not use them. A wrong search path, revoked rights and a dump that is being restored cause such
   * errors for statements that are right.
   */
  private static final Set<String> UNUSABLE = Set.of("42501", "42P01", "42883", "3F000");

  /**
   * The first characters of the codes of errors about a value. The messages of such errors quote
   * the value.
   */
  private static final String DATA_EXCEPTION = "22";

  /** The error code of a former primary server that is now a replica. */
  private static final String READ_ONLY_SERVER = "25006";

  private final SQLExceptionTranslator others = new SQLStateSQLExceptionTranslator();
  private final Set<String> protecting;

  /**
   * @param protecting a set of foreign keys, which refer to rows that the statements delete or
   *     change. A violation of such a key means that another row still refers to a deleted or
   *     changed row. A violation of any other foreign key means that the referenced row is missing
   */
  PostgresErrors(Set<String> protecting) {
    this.protecting = protecting;
  }

  @Override
  public @Nullable DataAccessException translate(
      String task, @Nullable String sql, SQLException told) {
    SQLException e = withoutValues(told);
    return switch (state(e)) {
      case UNIQUE_VIOLATION ->
          throw new ConcurrencyConflict(
              constraint(e).filter(RESERVE::equals).isPresent()
                  ? ConcurrencyConflict.How.RESERVED
                  : ConcurrencyConflict.How.TAKEN,
              e);
      case SERIALIZATION_FAILURE, DEADLOCK_DETECTED ->
          throw new ConcurrencyConflict(ConcurrencyConflict.How.NOT_SERIALIZABLE, e);
      case LOCK_NOT_AVAILABLE -> throw new ConcurrencyConflict(ConcurrencyConflict.How.LOCKED, e);
      case QUERY_CANCELED -> throw new QueryTimeout(e);
      case RESTRICT_VIOLATION -> throw new StillReferenced(e);
      case FOREIGN_KEY_VIOLATION ->
          throw constraint(e).filter(protecting::contains).isPresent()
              ? new StillReferenced(e)
              : new ConcurrencyConflict(ConcurrencyConflict.How.REFERENCE_GONE, e);
      case CHECK_VIOLATION -> {
        if (constraint(e).filter(ZONES::equals).isPresent()) {
          throw new InvalidValue("limits/budgets", "a time zone that the database knows as well");
        }
        if (constraint(e).filter(OPENING::equals).isPresent()) {
          throw new ConcurrencyConflict(ConcurrencyConflict.How.REFERENCE_GONE, e);
        }
        yield unavailableOrFault(task, sql, e);
      }
      default -> unavailableOrFault(task, sql, e);
    };
  }

  /**
   * Returns the failure that there is no connection. If the server has refused or ended a
   * connection, for example because of a wrong password, the message contains the server's reason.
   */
  static StoreUnavailable withoutConnection(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof PSQLException told && told.getServerErrorMessage() != null) {
        return new StoreUnavailable("the database can't be used: " + said(told), e);
      }
    }
    return new StoreUnavailable(e);
  }

  private @Nullable DataAccessException unavailableOrFault(
      String task, @Nullable String sql, SQLException e) {
    String state = state(e);
    boolean needsOperator =
        state.startsWith(INSUFFICIENT_RESOURCES)
            || state.startsWith(SYSTEM_ERROR)
            || UNUSABLE.contains(state);
    if (needsOperator) {
      if (NEEDS_OPERATOR.allows()) {
        LOG.warn("the database can't continue: {}; logged once a minute", said(e));
      }
      throw new StoreUnavailable("the database can't be used: " + said(e), e);
    }
    if (state.equals(READ_ONLY_SERVER)) {
      throw new StoreUnavailable("the database accepts no changes", e);
    }
    // These SQLSTATEs mean a failed connection, or a server that is shutting down or starting.
    if (state.startsWith("08") || state.startsWith("57P0")) {
      throw withoutConnection(e);
    }
    return others.translate(task, sql, e);
  }

  /**
   * Returns the error with a message that is safe to log. The message contains neither the server's
   * details, which quote rows, nor the statement of a batch, in which the driver would show the
   * values.
   */
  private static SQLException withoutValues(SQLException e) {
    SQLException error =
        e instanceof BatchUpdateException && e.getNextException() != null
            ? e.getNextException()
            : e;
    if (!(error instanceof PSQLException told) || told.getServerErrorMessage() == null) {
      return error;
    }
    SQLException safe =
        state(error).startsWith(DATA_EXCEPTION)
            ? new SQLException(
                "ERROR: a value is not valid (SQLSTATE " + state(error) + ")", state(error))
            : new PSQLException(told.getServerErrorMessage(), false);
    safe.setStackTrace(error.getStackTrace());
    return safe;
  }

  /** Returns the server's message without its details, because the details quote rows. */
  private static String said(SQLException e) {
    return e instanceof PSQLException told && told.getServerErrorMessage() != null
        ? String.valueOf(told.getServerErrorMessage().getMessage())
        : state(e);
  }

  private static String state(SQLException e) {
    return e.getSQLState() == null ? "" : e.getSQLState();
  }

  /** Returns the name of the violated constraint; empty if the error has another cause. */
  private static Optional<String> constraint(SQLException e) {
    return e instanceof PSQLException told
        ? Optional.ofNullable(told.getServerErrorMessage()).map(ServerErrorMessage::getConstraint)
        : Optional.empty();
  }
}
