package io.claviger.embeddedpostgres;

import io.claviger.host.DatabaseAddress;
import io.claviger.host.StartRefused;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;

/** Tries once to connect to a database, and explains a failure in one line. */
public final class LoginAttempt {
  private static final int OLDEST_VERSION = 15;
  private static final String CONNECTION_EXCEPTION = "08";
  private static final String PRIMARY = "primary";
  private static final String ANY = "any";

  private LoginAttempt() {}

  static boolean works(DatabaseAddress address) {
    try (Connection connection = open(address, ANY)) {
      return connection.isValid(2);
    } catch (SQLException e) {
      return false;
    }
  }

  /** Whether a server on this machine answers, even if only with a refusal. Sends no password. */
  static boolean isAnswered(int port) {
    DatabaseAddress address =
        new DatabaseAddress(
            "jdbc:postgresql://127.0.0.1:%d/postgres?sslmode=disable".formatted(port),
            Optional.of("postgres"),
            Optional.empty());
    try {
      open(address, ANY).close();
      return true;
    } catch (SQLException e) {
      return !Optional.ofNullable(e.getSQLState()).orElse("").startsWith(CONNECTION_EXCEPTION);
    }
  }

  /**
   * Connects to a server that accepts writes.
   *
   * @return the address
   * @throws StartRefused if none of the named servers is usable. The attempt takes at most 10
   *     seconds per server. The message contains no secret
   */
  public static DatabaseAddress checked(DatabaseAddress address) {
    check(address, PRIMARY);
    return address;
  }

  /**
   * Connects to a server that might be a replica.
   *
   * @return the address
   * @throws StartRefused in the same cases as {@link #checked}
   */
  public static DatabaseAddress checkedToRead(DatabaseAddress address) {
    check(address, ANY);
    return address;
  }

  private static void check(DatabaseAddress address, String serverType) {
    try (Connection connection = open(address, serverType)) {
      int version = connection.getMetaData().getDatabaseMajorVersion();
      if (version < OLDEST_VERSION) {
        throw new StartRefused(
            "the database %s has PostgreSQL %d, but PostgreSQL %d or newer is required"
                .formatted(address.place(), version, OLDEST_VERSION));
      }
    } catch (SQLException e) {
      throw StartRefused.byDatabase("the database " + address.place(), e);
    }
  }

  /**
   * @param serverType the accepted types of servers, unless the address states them
   */
  private static Connection open(DatabaseAddress address, String serverType) throws SQLException {
    Properties properties = new Properties();
    address.user().ifPresent(user -> properties.setProperty("user", user));
    address
        .password()
        .map(password -> password.lend(String::new))
        .ifPresent(password -> properties.setProperty("password", password));
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "5");
    properties.setProperty("loginTimeout", "6");
    properties.setProperty(DatabaseAddress.SERVER_TYPE, serverType);
    return DriverManager.getConnection(address.jdbcUrl(), properties);
  }
}
