package io.claviger.persistence;

import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Connections to one schema, from a pool that the embedding program also uses for its own purposes.
 * Their search path contains only that schema. A connection that is closed returns to the pool with
 * the search path that it had, at the cost of one more round trip to the database at each end.
 */
public final class SchemaConnections extends DelegatingDataSource {
  private final SchemaName schema;

  /**
   * @param pool provides connections in auto-commit mode
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
    throw new UnsupportedOperationException("connections are those of the pool");
  }
}
