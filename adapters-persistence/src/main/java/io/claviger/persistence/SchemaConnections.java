package io.claviger.persistence;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Connections to one schema, from a pool that the embedding program also uses. The search path of
 * these connections contains only that schema. When a connection is closed, its former search path
 * is restored, and the connection returns to the pool. Opening and closing a connection each cost
 * one more round trip to the database.
 */
final class SchemaConnections extends DelegatingDataSource {
  private final SchemaName schema;

  /**
   * @param pool a source of connections in auto-commit mode
   */
  public SchemaConnections(DataSource pool, SchemaName schema) {
    super(pool);
    this.schema = schema;
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = super.getConnection();
    try {
      return (Connection)
          Proxy.newProxyInstance(
              SchemaConnections.class.getClassLoader(),
              new Class<?>[] {Connection.class},
              BorrowedConnection.in(schema, connection));
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public Connection getConnection(String user, String password) {
    throw new UnsupportedOperationException("the pool determines the user of its connections");
  }

  /** Restores a connection's search path before the connection returns to the pool. */
  private static final class BorrowedConnection implements InvocationHandler {
    /** The {@code with} clause reads the former path before the statement sets the new path. */
    private static final String EXCHANGE_PATH =
        """
        with former as materialized (select current_setting('search_path') as path)
        select path, set_config('search_path', ?, false) from former
        """;

    private final Connection connection;
    private final String schema;
    private final String former;
    private boolean closed;

    private BorrowedConnection(Connection connection, String schema, String former) {
      this.connection = connection;
      this.schema = schema;
      this.former = former;
    }

    static BorrowedConnection in(SchemaName schema, Connection connection) throws SQLException {
      String former = exchangePath(connection, schema.value());
      return new BorrowedConnection(connection, schema.value(), former);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, @Nullable Object @Nullable [] given)
        throws Throwable {
      if (method.getName().equals("close")) {
        close();
        return null;
      }
      try {
        return method.invoke(connection, given);
      } catch (InvocationTargetException e) {
        throw e.getTargetException();
      }
    }

    private void close() throws SQLException {
      if (closed) {
        return;
      }
      closed = true;
      try (Connection returned = connection) {
        restorePath(returned);
      }
    }

    /**
     * Restores the connection's former search path. A connection whose path can't be restored is
     * closed and does not return to the pool, because the embedding program could not use it.
     */
    private void restorePath(Connection returned) throws SQLException {
      try {
        if (returned.isClosed() || former.equals(schema)) {
          return;
        }
        if (!returned.getAutoCommit()) {
          returned.rollback();
        }
        String unused = exchangePath(returned, former);
      } catch (SQLException e) {
        returned.abort(Runnable::run);
      }
    }

    /** Sets the search path outside of any transaction, and returns the former path. */
    private static String exchangePath(Connection connection, String path) throws SQLException {
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(true);
      try (PreparedStatement statement = connection.prepareStatement(EXCHANGE_PATH)) {
        statement.setString(1, path);
        try (ResultSet row = statement.executeQuery()) {
          if (!row.next()) {
            throw new SQLException("the database returned no search path");
          }
          return String.valueOf(row.getString("path"));
        }
      } finally {
        connection.setAutoCommit(autoCommit);
      }
    }
  }
}
