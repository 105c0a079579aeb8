package io.claviger.persistence.shared;

import io.claviger.application.shared.ConcurrencyConflict;
import io.claviger.application.shared.StoreUnavailable;
import io.claviger.application.shared.port.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;
import org.postgresql.copy.CopyOut;
import org.springframework.dao.IncorrectUpdateSemanticsDataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCreatorFactory;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;
import org.springframework.jdbc.core.namedparam.ParsedSql;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.ConcurrentLruCache;

/**
 * One PostgreSQL database. All adapters of this module use the connections, transactions and error
 * translation of this class.
 */
public final class Database {
  /** The time within which the server has to cancel a statement and report the cancellation. */
  private static final Duration CANCELLING = Duration.ofSeconds(30);

  private static final int FETCHED = 50;

  private final DataSource source;
  private final JdbcClient jdbc;
  private final JdbcClient lists;
  private final JdbcClient parts;
  private final Transactions transactions;

  /**
   * @param pool a source of connections in auto-commit mode, with {@code READ COMMITTED} as default
   *     isolation level
   */
  public Database(DataSource pool) {
    this.source = new Reachable(pool);
    PostgresErrors errors = new PostgresErrors(Set.of());
    JdbcTransactionManager manager = new JdbcTransactionManager(source);
    manager.setExceptionTranslator(errors);
    this.jdbc = client(new JdbcTemplate(source), errors);
    this.lists = client(new PlannedAnew(source), errors);
    PlannedAnew fetching = new PlannedAnew(source);
    fetching.setFetchSize(FETCHED);
    this.parts = client(fetching, errors);
    this.transactions = new SpringTransactions(manager);
  }

  /**
   * Returns a client for statements of all kinds. Within a transaction, statements take part in the
   * transaction.
   */
  public JdbcClient jdbc() {
    return jdbc;
  }

  /**
   * Returns a client for statements that delete or change rows to which other rows might refer. If
   * other rows still refer to such a row, the statement throws {@link
   * io.claviger.application.shared.StillReferenced}.
   */
  public JdbcClient jdbc(ReferredRows rows) {
    return client(new JdbcTemplate(source), new PostgresErrors(rows.foreignKeys()));
  }

  /**
   * Returns a client for lists with optional filters. PostgreSQL plans each statement of this
   * client again for the values of each call. A generic plan would assume that few rows match the
   * filters, and would sort all matching rows.
   */
  public JdbcClient lists() {
    return lists;
  }

  /**
   * Returns a client like {@link #lists()}, with a time limit for each statement. The database
   * cancels a statement that takes longer. The client then throws {@link
   * io.claviger.application.shared.QueryTimeout}.
   *
   * @param seconds the time limit in seconds, 1 or more
   */
  public JdbcClient lists(int seconds) {
    PlannedAnew bounded = new PlannedAnew(source);
    bounded.setQueryTimeout(seconds);
    return client(bounded, new PostgresErrors(Set.of()));
  }

  /**
   * Returns a client like {@link #jdbc()}, with a time limit as in {@link #lists(int)}. PostgreSQL
   * keeps the plans of its statements. Use this client for statements whose planning takes longer
   * than their execution, if the plan should not depend on the values.
   *
   * @param seconds the time limit in seconds, 1 or more
   */
  public JdbcClient planned(int seconds) {
    JdbcTemplate bounded = new JdbcTemplate(source);
    bounded.setQueryTimeout(seconds);
    return client(bounded, new PostgresErrors(Set.of()));
  }

  /** Returns a client like {@link #lists()}, for queries of {@link #readUntil}. */
  public JdbcClient parts() {
    return parts;
  }

  /**
   * Reads a query's result row by row, until the function that takes the rows returns false. The
   * fetch size is {@value #FETCHED}, so only so many rows are in memory at a time. Without this
   * fetch size, the driver would read all rows before the first row can be taken.
   *
   * @param query a query of {@link #parts()}
   */
  public <T> void readUntil(
      JdbcClient.StatementSpec query, RowMapper<T> mapper, Predicate<T> taker) {
    boolean unused =
        transactions.inTransaction(
            () -> {
              try (Stream<T> rows = query.query(mapper).stream()) {
                return rows.allMatch(taker);
              }
            });
  }

  /**
   * Reads the rows of a query's result in the format of {@code copy … to stdout}, in UTF-8. The
   * database sends only as quickly as the rows are taken. Within a transaction, the query takes
   * part in the transaction.
   *
   * @param query the query, without parameters
   * @param taker a function that takes the rows, and must not use the database
   */
  public void copy(String query, Consumer<byte[]> taker) {
    JdbcTemplate template = new JdbcTemplate(source);
    template.setExceptionTranslator(new PostgresErrors(Set.of()));
    boolean unused =
        template.execute(
            (ConnectionCallback<Boolean>)
                on -> {
                  copy(on, query, taker);
                  return true;
                });
  }

  private static void copy(Connection connection, String query, Consumer<byte[]> taker)
      throws SQLException {
    CopyOut copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("copy (" + query + ") to stdout");
    Optional<RuntimeException> failure = Optional.empty();
    for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
      if (failure.isEmpty()) {
        failure = taken(row, taker);
      }
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /**
   * Passes a row to the function that takes the rows. Returns the function's exception instead of
   * throwing it, so that all rows are read before the connection is used again.
   */
  private static Optional<RuntimeException> taken(byte[] row, Consumer<byte[]> taker) {
    try {
      taker.accept(row);
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(e);
    }
  }

  /**
   * Runs slow statements in one transaction, in which the connection waits for the server's answer
   * for as long as a statement may take. Outside of this method, a statement on a serving node
   * fails if the server sends nothing for 30 seconds, although the server continues to execute the
   * statement.
   *
   * @param longest the maximum time of each statement; the database cancels a statement that takes
   *     longer, and the statement throws {@link io.claviger.application.shared.QueryTimeout}
   */
  public <T> T patiently(Duration longest, Supplier<T> work) {
    return transactions.inTransaction(
        () -> {
          String unused =
              jdbc.sql("select set_config('statement_timeout', :millis, true)")
                  .param("millis", String.valueOf(longest.toMillis()))
                  .query(String.class)
                  .single();
          int usual = exchangeSilence(Math.toIntExact(longest.plus(CANCELLING).toMillis()));
          try {
            return work.get();
          } finally {
            int ignored = exchangeSilence(usual);
          }
        });
  }

  /**
   * Sets how many milliseconds the connection of this transaction waits for the server's next
   * bytes. Returns the former value.
   */
  private int exchangeSilence(int millis) {
    JdbcTemplate template = new JdbcTemplate(source);
    template.setExceptionTranslator(new PostgresErrors(Set.of()));
    return template.execute(
        (ConnectionCallback<Integer>)
            on -> {
              int former = on.getNetworkTimeout();
              on.setNetworkTimeout(Runnable::run, millis);
              return former;
            });
  }

  /**
   * Returns the current time of the database's clock.
   *
   * @throws StoreUnavailable if the database can't be reached
   */
  public Instant clock() {
    return jdbc.sql("select clock_timestamp()")
        .query((row, number) -> row.getObject(1, OffsetDateTime.class).toInstant())
        .single();
  }

  public Transactions transactions() {
    return transactions;
  }

  /**
   * Returns the failure that the database can't be reached or used. If the server has said why, the
   * message contains the server's reason.
   */
  public static StoreUnavailable unavailable(Exception e) {
    return PostgresErrors.withoutConnection(e);
  }

  /** Runs a statement that changes any number of rows. */
  public static void update(JdbcClient.StatementSpec statement) {
    int unused = statement.update();
  }

  /**
   * Runs a statement that changes exactly one row.
   *
   * @throws ConcurrencyConflict if the row no longer exists
   */
  public static void updateOne(JdbcClient.StatementSpec statement) {
    require(1, statement.update());
  }

  /**
   * Checks that a statement has changed the expected number of rows.
   *
   * @throws ConcurrencyConflict if one of the rows no longer exists
   */
  public static void require(int expected, int rows) {
    if (rows != expected) {
      throw new ConcurrencyConflict(
          ConcurrencyConflict.How.REFERENCE_GONE,
          new IncorrectUpdateSemanticsDataAccessException(
              expected + " rows expected, " + rows + " changed"));
    }
  }

  private static JdbcClient client(JdbcTemplate template, PostgresErrors errors) {
    template.setExceptionTranslator(errors);
    return JdbcClient.create(new RememberedStatements(template));
  }

  /**
   * Replaces the names of parameters by question marks once for each statement, and not for each
   * call. Each occurrence of a name becomes one question mark, because each parameter stands for
   * exactly one value: several values are sent as an array.
   */
  private static final class RememberedStatements extends NamedParameterJdbcTemplate {
    private final ConcurrentLruCache<ParsedSql, String> withoutNames =
        new ConcurrentLruCache<>(
            DEFAULT_CACHE_LIMIT,
            statement -> NamedParameterUtils.substituteNamedParameters(statement, null));

    RememberedStatements(JdbcTemplate template) {
      super(template);
    }

    @Override
    protected PreparedStatementCreatorFactory getPreparedStatementCreatorFactory(
        ParsedSql statement, SqlParameterSource values) {
      return new PreparedStatementCreatorFactory(
          withoutNames.get(statement),
          NamedParameterUtils.buildSqlParameterList(statement, values));
    }
  }

  /**
   * Never prepares a statement on the server, because the server would then reuse the statement's
   * plan for other values.
   */
  private static final class PlannedAnew extends JdbcTemplate {
    PlannedAnew(DataSource source) {
      super(source);
    }

    @Override
    protected void applyStatementSettings(Statement statement) throws SQLException {
      super.applyStatementSettings(statement);
      statement.unwrap(PGStatement.class).setPrepareThreshold(0);
    }
  }

  /** Throws {@link StoreUnavailable} if there is no connection. */
  private static final class Reachable extends DelegatingDataSource {
    Reachable(DataSource pool) {
      super(pool);
    }

    @Override
    public Connection getConnection() {
      try {
        return super.getConnection();
      } catch (SQLException e) {
        throw PostgresErrors.withoutConnection(e);
      }
    }

    @Override
    public Connection getConnection(String user, String password) {
      throw new UnsupportedOperationException("the pool determines the user of its connections");
    }
  }

  /**
   * Implements {@link Transactions} with Spring. A transaction has the default isolation level of
   * its connection.
   */
  private static final class SpringTransactions implements Transactions {
    private final TransactionTemplate template;

    SpringTransactions(PlatformTransactionManager manager) {
      this.template = new TransactionTemplate(manager);
    }

    @Override
    public <T> T inTransaction(Supplier<T> work) {
      try {
        return template.<T>execute(status -> work.get());
      } catch (CannotCreateTransactionException e) {
        throw PostgresErrors.withoutConnection(e);
      } catch (TransactionSystemException e) {
        // The transaction could not end, because the connection is broken. A statement in it might
        // have said why.
        throw e.getApplicationException() instanceof StoreUnavailable told
            ? told
            : PostgresErrors.withoutConnection(e);
      }
    }
  }
}
