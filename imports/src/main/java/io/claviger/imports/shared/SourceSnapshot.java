package io.claviger.imports.shared;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * An import's source database, over a single read-only connection. Everything is read in one
 * transaction, which sees the database as it was at the transaction's beginning.
 */
public final class SourceSnapshot implements AutoCloseable {
  private static final int FETCHED = 1_000;

  private final Connection connection;
  private final JdbcClient jdbc;
  private final Set<String> tables;

  private SourceSnapshot(Connection connection, String program) {
    this.connection = connection;
    this.jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
    this.tables = translatingErrors(this::visibleTables);
    if (tables.contains("encryption_keys") && tables.contains("flyway_schema_history")) {
      throw new UnreadableSource("it is a database of Claviger, not of " + program);
    }
  }

  /**
   * @param source a data source for this snapshot only
   * @param program the name of the expected system, for messages
   * @param use a function that takes over the snapshot; if the function throws an exception, the
   *     snapshot is closed
   * @throws UnreadableSource if the database is unreachable or belongs to Claviger
   */
  public static <T> T open(DataSource source, String program, Function<SourceSnapshot, T> use) {
    try {
      Connection connection = source.getConnection();
      try {
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        refuseHiddenRows(connection);
        return use.apply(new SourceSnapshot(connection, program));
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  /**
   * Makes statements fail if row-level security would hide rows of their tables, because hidden
   * limits would look like missing limits.
   */
  private static void refuseHiddenRows(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean unused = statement.execute("set local row_security = off");
    }
  }

  private Set<String> visibleTables() {
    return jdbc.sql(
            """
            select relname
            from pg_class
            where relkind in ('r', 'p', 'v', 'f') and pg_table_is_visible(oid)
            """)
        .query((row, number) -> String.valueOf(row.getString("relname")))
        .set();
  }

  /** Returns the names of all tables and views that statements can use without a schema. */
  public Set<String> tables() {
    return tables;
  }

  public String identity() {
    return translatingErrors(() -> DatabaseIdentity.of(jdbc));
  }

  /**
   * @throws UnreadableSource if the database reports an error
   */
  public <T> T read(Function<JdbcClient, T> reading) {
    return translatingErrors(() -> reading.apply(jdbc));
  }

  /**
   * Reads rows while the iterator is used, so that they are never all in memory.
   *
   * @return an iterator over the rows; the iterator throws {@link UnreadableSource} if the database
   *     can't be read
   */
  public <T> Iterator<T> rows(String sql, Map<String, ?> parameters, RowMapper<T> row) {
    JdbcTemplate template = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
    template.setFetchSize(FETCHED);
    Iterator<T> rows =
        translatingErrors(
            () ->
                new NamedParameterJdbcTemplate(template)
                    .queryForStream(sql, parameters, row)
                    .iterator());
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return translatingErrors(rows::hasNext);
      }

      @Override
      public T next() {
        return translatingErrors(rows::next);
      }
    };
  }

  /** Translates the source database's errors. The message never contains data from rows. */
  private static <T> T translatingErrors(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (DataAccessException e) {
      throw e.getRootCause() instanceof SQLException cause
          ? unreadable(cause)
          : new UnreadableSource("it can't be read", e);
    }
  }

  /**
   * Returns an exception that explains a database error by its SQLSTATE (PostgreSQL documentation,
   * appendix A).
   */
  private static UnreadableSource unreadable(SQLException e) {
    String state = Optional.ofNullable(e.getSQLState()).orElse("");
    String why =
        switch (state) {
          case "42501" -> "its role may not read all of its tables: " + firstLine(e);
          case "42703", "42P01" -> "its shape is not known: " + firstLine(e);
          case "22021", "22P05" -> "it contains text that is not in the database's own encoding";
          default ->
              state.startsWith("08") || state.startsWith("57P0")
                  ? "it can't be reached any more"
                  : "it can't be read (SQLSTATE " + state + ")";
        };
    return new UnreadableSource(why, e);
  }

  /** Returns the message's first line, which contains only names of tables and columns. */
  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  @Override
  public void close() {
    try {
      connection.rollback();
      connection.close();
    } catch (SQLException e) {
      // The connection was only used for reading, so nothing is lost if it can't be closed.
      return;
    }
  }
}
