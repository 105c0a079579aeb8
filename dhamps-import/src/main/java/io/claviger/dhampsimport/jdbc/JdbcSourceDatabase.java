package io.claviger.dhampsimport.jdbc;

import io.claviger.dhampsimport.port.SourceDatabase;
import io.claviger.dhampsimport.port.SourceDecryption;
import io.claviger.dhampsimport.rules.SchemaVersion;
import io.claviger.dhampsimport.rules.SourceContent;
import io.claviger.dhampsimport.rules.SourceKey;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.keys.Secret;
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
 * {@link SourceDatabase} over one read-only connection. One transaction sees the database as it was
 * at the transaction's start.
 */
public final class JdbcSourceDatabase implements SourceDatabase, AutoCloseable {
  private final Connection connection;
  private final JdbcClient jdbc;
  private final SchemaVersion shape;

  private JdbcSourceDatabase(Connection connection) {
    this.connection = connection;
    this.jdbc = JdbcClient.create(new SingleConnectionDataSource(connection, true));
    this.shape = translatingErrors(this::recognize);
  }

  /**
   * @param source a source of connections that nobody else uses
   * @throws UnreadableSource when the database can't be reached or does not belong to dhamps-vdb
   */
  public static JdbcSourceDatabase open(DataSource source) {
    try {
      Connection connection = source.getConnection();
      try {
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        return new JdbcSourceDatabase(connection);
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw unreadable(e);
    }
  }

  private SchemaVersion recognize() {
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
      throw new UnreadableSource("it is a database of Claviger, not of dhamps-vdb");
    }
    return SchemaVersion.of(tables)
        .orElseThrow(
            () ->
                new UnreadableSource(
                    "it is not a database of dhamps-vdb in a known version; looked for "
                        + SchemaVersion.lookedFor()));
  }

  @Override
  public String identity() {
    return translatingErrors(() -> DatabaseIdentity.of(jdbc));
  }

  @Override
  public SourceContent content() {
    return translatingErrors(() -> new SourceRows(jdbc, shape).content());
  }

  @Override
  public Map<Long, OldKeys> keys(Collection<Long> services) {
    return translatingErrors(
        () -> {
          Map<Long, OldKeys> keys = new HashMap<>();
          jdbc.sql(SourceRows.keysOf(shape))
              .param("ids", UnnestedColumns.of(List.copyOf(services), id -> id))
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
        plain.map(JdbcSourceDatabase::plain).orElse(new SourceKey.Absent()),
        sealed.map(SourceDecryption.Sealed::new));
  }

  private static SourceKey plain(byte[] bytes) {
    try {
      return new SourceKey.Usable(Secret.apiKey(bytes));
    } catch (InvalidValue e) {
      return new SourceKey.Unusable();
    }
  }

  /** Translates errors of the source database. The message never contains data of the database. */
  private static <T> T translatingErrors(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (DataAccessException e) {
      throw e.getRootCause() instanceof SQLException cause
          ? unreadable(cause)
          : new UnreadableSource("it can't be read", e);
    }
  }

  /** Explains an error by its SQLSTATE (PostgreSQL documentation, appendix A). */
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

  /** The first line of the message, which names only tables and columns. */
  private static String firstLine(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  @Override
  public void close() {
    try {
      connection.rollback();
      connection.close();
    } catch (SQLException e) {
      // The connection only read, so a failure to close it loses nothing.
      return;
    }
  }
}
