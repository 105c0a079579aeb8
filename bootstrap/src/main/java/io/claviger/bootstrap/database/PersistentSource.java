package io.claviger.bootstrap.database;

import io.claviger.host.DatabaseAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Opens connections for a pool. While no server can be reached it tries again several times a
 * second, for up to a minute. Without this class, a pool would soon wait for five seconds between
 * two tries, and would notice late that another server has taken over.
 */
final class PersistentSource extends DriverManagerDataSource {
  private static final Duration INTERVAL = Duration.ofMillis(200);
  private static final int CLOSING_SECONDS = 5;
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /** The codes of the errors with which a server refuses connections while it starts or stops. */
  private static final Set<String> TEMPORARY = Set.of("57P01", "57P02", "57P03");

  private volatile boolean connected;

  /**
   * @param properties the properties for the driver; parameters of the address take precedence
   */
  PersistentSource(DatabaseAddress address, Properties properties) {
    super(address.jdbcUrl(), properties);
    address.user().ifPresent(this::setUsername);
    address.password().map(password -> password.lend(String::new)).ifPresent(this::setPassword);
  }

  /**
   * Opens a connection. The first one is tried only once, because a program that starts does not
   * wait for its database.
   */
  @Override
  protected Connection getConnectionFromDriver(Properties properties) throws SQLException {
    long began = System.nanoTime();
    while (true) {
      try {
        Connection connection = super.getConnectionFromDriver(properties);
        connected = true;
        return connection;
      } catch (SQLException e) {
        boolean isOver = System.nanoTime() - began > LONGEST.toNanos();
        if (!connected || isOver || !isTemporary(e)) {
          throw e;
        }
        pause(e);
      }
    }
  }

  /** Does nothing, because the timeouts are among the properties. */
  @Override
  public void setLoginTimeout(int seconds) {}

  /**
   * Returns how many seconds a pool that is being closed waits for a connection that is being
   * opened.
   */
  @Override
  public int getLoginTimeout() {
    return CLOSING_SECONDS;
  }

  private static boolean isTemporary(SQLException e) {
    String state = Optional.ofNullable(e.getSQLState()).orElse("");
    return state.startsWith("08") || TEMPORARY.contains(state);
  }

  /** Waits before the next try. Closing a pool interrupts the thread that waits here. */
  private static void pause(SQLException reason) throws SQLException {
    try {
      TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw reason;
    }
  }
}
