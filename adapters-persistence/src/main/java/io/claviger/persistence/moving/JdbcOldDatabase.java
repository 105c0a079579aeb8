package io.claviger.persistence.moving;

import io.claviger.application.moving.out.OldDatabase;
import io.claviger.application.moving.out.OldSealing;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.keys.Secret;
import io.claviger.domain.moving.FoundKey;
import io.claviger.domain.moving.OldContent;
import io.claviger.domain.moving.Shape;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * {@link OldDatabase} by one connection that may only read, in one transaction that sees the
 * database as it was when it began.
 */
public final class JdbcOldDatabase implements OldDatabase, AutoCloseable {
  private final Connection connection;
  private final JdbcClient jdbc;
  private final Shape shape;

  private JdbcOldDatabase(Connection connection) {
    this.connection = connection;
    this.jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
    this.shape = told(this::recognised);
  }

  /**
   * @param source hands out connections that the caller does not need elsewhere
   * @throws UnreadableSource when it can't be reached or is no database of dhamps-vdb
   */
  public static JdbcOldDatabase open(DataSource source) {
    try {
      Connection connection = source.getConnection();
      try {
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        return new JdbcOldDatabase(connection);
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  private Shape recognised() {
    Set<String> tables =
        jdbc
            .sql(
                """
                select relname
                from pg_class
                where relkind in ('r', 'p', 'v', 'f') and pg_table_is_visible(oid)
                """)
            .query(String.class)
            .list()
            .stream()
            .collect(Collectors.toSet());
    if (tables.contains("encryption_keys") && tables.contains("flyway_schema_history")) {
      throw new UnreadableSource("it is a database of Claviger, perhaps this one itself");
    }
    return Shape.of(tables)
        .orElseThrow(
            () ->
                new UnreadableSource(
                    "it is no database of dhamps-vdb in a shape that is known; looked for "
                        + Shape.lookedFor()));
  }

  @Override
  public String identity() {
    return told(() -> DatabaseIdentity.of(jdbc));
  }

  @Override
  public OldContent content() {
    return told(() -> new OldRows(jdbc, shape).content());
  }

  @Override
  public Map<Long, OldKeys> keys(Collection<Long> services) {
    return told(
        () -> {
          Map<Long, OldKeys> keys = new HashMap<>();
          jdbc.sql(OldRows.keysOf(shape))
              .param("ids", Columns.of(List.copyOf(services), id -> id))
              .query(
                  row -> {
                    Object unused = keys.putIfAbsent(row.getLong("id"), keysOf(row));
                  });
          return keys;
        });
  }

  private static OldKeys keysOf(ResultSet row) throws SQLException {
    Optional<byte[]> plain = Optional.ofNullable(row.getBytes("plain"));
    Optional<byte[]> sealed = Optional.ofNullable(row.getBytes("sealed"));
    return new OldKeys(
        plain.map(JdbcOldDatabase::plain).orElse(new FoundKey.Absent()),
        sealed.map(OldSealing.Sealed::new));
  }

  private static FoundKey plain(byte[] bytes) {
    try {
      return new FoundKey.Usable(Secret.apiKey(bytes));
    } catch (InvalidValue e) {
      return new FoundKey.Unusable();
    }
  }

  /** What goes wrong with a foreign database is told, and never with what stands in it. */
  private static <T> T told(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (DataAccessException e) {
      throw e.getRootCause() instanceof SQLException cause
          ? unreadable(cause)
          : new UnreadableSource("it can't be read", e);
    }
  }

  /** By SQLSTATE (PostgreSQL documentation, appendix A). */
  private static UnreadableSource unreadable(SQLException e) {
    String state = Optional.ofNullable(e.getSQLState()).orElse("");
    String why =
        switch (state) {
          case "42501" -> "its role may not read all of its tables: " + firstLine(e);
          case "42703", "42P01" -> "its shape is not known: " + firstLine(e);
          case "22021", "22P05" -> "it holds text that is not in its own encoding";
          default ->
              state.startsWith("08")
                  ? "it can't be reached any more"
                  : "it can't be read (SQLSTATE " + state + ")";
        };
    return new UnreadableSource(why, e);
  }

  /** Names tables and columns. */
  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  @Override
  public void close() {
    try {
      connection.rollback();
      connection.close();
    } catch (SQLException e) {
      // Nothing was changed there, so nothing is lost.
      return;
    }
  }
}
