package io.claviger.embeddedpostgres;

import io.claviger.host.DatabaseAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** Runs a single statement on a new connection. */
final class Sql {
  private Sql() {}

  static void execute(EmbeddedDatabase database, String sql) throws SQLException {
    try (Connection connection = connect(database.address());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Returns the first column of the first row. */
  static String query(EmbeddedDatabase database, String sql) throws SQLException {
    try (Connection connection = connect(database.address());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  static Connection connect(String url, String user, String password) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    return DriverManager.getConnection(url, properties);
  }

  private static Connection connect(DatabaseAddress address) throws SQLException {
    return connect(
        address.jdbcUrl(),
        address.user().orElseThrow(),
        address.password().orElseThrow().lend(String::new));
  }
}
