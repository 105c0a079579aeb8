package io.claviger.embeddedpostgres;

import io.claviger.operator.DatabaseAddress;
import io.claviger.operator.StartRefused;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;

/** One attempt to get into a database, and what its failure means in one line. */
public final class LoginAttempt {
  private static final int OLDEST_VERSION = 15;

  private LoginAttempt() {}

  static boolean works(DatabaseAddress address) {
    try (Connection connection = open(address)) {
      return connection.isValid(2);
    } catch (SQLException e) {
      return false;
    }
  }

  /**
   * @throws StartRefused within 10 seconds if the database can't be used, without any secret
   */
  public static void check(DatabaseAddress address) {
    try (Connection connection = open(address)) {
      int version = connection.getMetaData().getDatabaseMajorVersion();
      if (version < OLDEST_VERSION) {
        throw new StartRefused(
            "the database %s is PostgreSQL %d: %d or newer is needed"
                .formatted(address.place(), version, OLDEST_VERSION));
      }
    } catch (SQLException e) {
      throw new StartRefused("the database %s %s".formatted(address.place(), reason(e)), e);
    }
  }

  private static Connection open(DatabaseAddress address) throws SQLException {
    Properties properties = new Properties();
    address.user().ifPresent(user -> properties.setProperty("user", user));
    address
        .password()
        .map(password -> password.lend(String::new))
        .ifPresent(password -> properties.setProperty("password", password));
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "5");
    properties.setProperty("loginTimeout", "6");
    return DriverManager.getConnection(address.jdbcUrl(), properties);
  }

  /** By SQLSTATE (PostgreSQL documentation, appendix A); only unforeseen ones quote the server. */
  private static String reason(SQLException e) {
    String state = Optional.ofNullable(e.getSQLState()).orElse("");
    return switch (state) {
      case "28P01", "28000" -> "refuses the user or the password";
      case "3D000" -> "does not exist on that server";
      case "53300" -> "has no connection left";
      case "57P03" -> "is starting up or shutting down";
      case "08001", "08004", "08006" -> "can't be reached";
      default ->
          "can't be used: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(state);
    };
  }
}
