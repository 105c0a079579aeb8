package io.claviger.bootstrap.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import io.claviger.application.shared.LogRate;
import io.claviger.embeddedpostgres.LoginAttempt;
import io.claviger.host.DatabaseAddress;
import io.claviger.host.StartRefused;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Creates pools of connections to a database. Only the pool of {@link #reading} may connect to
 * replicas. All other pools connect only to the primary server, and close connections to a server
 * that has become a replica. Parameters in an address override the properties of this class.
 *
 * <p>Before creating a pool, make a successful {@link LoginAttempt} with its address. Without this
 * attempt, the pool would log a failure with a stack trace if the address can't be used.
 */
public final class DataSources {
  private static final Duration WAIT_FOR_CONNECTION = Duration.ofSeconds(5);
  private static final Duration CALLS_WAIT = Duration.ofSeconds(3);
  private static final Duration WATCHING_WAIT = Duration.ofSeconds(1);
  private static final Duration KEEPALIVE = Duration.ofMinutes(2);
  private static final int IDLE_CONNECTIONS = 2;
  private static final int MOST_FOR_CALLS = 8;
  private static final Logger LOG = LoggerFactory.getLogger(DataSources.class);

  private DataSources() {}

  /**
   * Creates the pool of a serving node. A statement fails if the server sends nothing for 30
   * seconds, so that a half-open connection can't block a request forever.
   *
   * @param pooled whether a pooler chooses a connection for each transaction; if so, statements are
   *     prepared on the server only if the address demands it
   */
  static HikariDataSource pool(DatabaseAddress address, int size, boolean pooled) {
    HikariConfig config = serving(address, size, prepared(timeouts(30, 4), pooled));
    endHangingTransactions(config, pooled);
    return new HikariDataSource(config);
  }

  /**
   * Creates a pool for migrations and other slow statements. The pool is like that of {@link
   * #pool}, but without the limit of 30 seconds. A transaction may be idle for any time, even if
   * the operator has set a limit for the role, because an upgrade keeps a transaction open until
   * its migrations have ended. The migrations themselves set a limit for their own transactions.
   */
  public static HikariDataSource patient(DatabaseAddress address, int size) {
    HikariConfig config = serving(address, size, timeouts(0, 4));
    // Most nodes find nothing to migrate, and need one connection for a moment. The pool keeps the
    // connection that it opens first; with 0, it would close this connection and open another one.
    config.setMinimumIdle(1);
    // The settings are selected by name, because PostgreSQL before 17 has no transaction_timeout.
    config.setConnectionInitSql(
        """
        select set_config(name, '0', false) from pg_settings
        where name in ('idle_in_transaction_session_timeout', 'transaction_timeout')
        """);
    return new HikariDataSource(config);
  }

  /**
   * Creates a pool with one connection, for the removal of old months. The pool is like that of
   * {@link #pool}, but a statement may take ten minutes.
   */
  static HikariDataSource removing(DatabaseAddress address) {
    HikariConfig config = serving(address, 1, timeouts(600, 4));
    endHangingTransactions(config, false);
    return new HikariDataSource(config);
  }

  /**
   * Creates a pool for the queries of gateway calls. The pool has few connections, because
   * concurrent calls that need the same query share its result. The timeouts are short, because
   * callers do not wait long for authorization.
   *
   * @param pooled whether a pooler chooses a connection for each transaction, as for {@link #pool}
   */
  static HikariDataSource calls(DatabaseAddress address, int size, boolean pooled) {
    HikariConfig config =
        serving(address, Math.min(MOST_FOR_CALLS, size), prepared(timeouts(4, 2), pooled));
    endHangingTransactions(config, pooled);
    config.setPoolName("claviger-calls");
    config.setConnectionTimeout(CALLS_WAIT.toMillis());
    config.setValidationTimeout(Duration.ofSeconds(1).toMillis());
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  /** Creates a read-only pool with one connection to another program's database. */
  public static HikariDataSource reading(DatabaseAddress address) {
    Properties driver = timeouts(0, 4);
    driver.setProperty("readOnlyMode", "always");
    HikariConfig config = config(address, 1, driver);
    config.setPoolName("claviger-reading");
    config.setReadOnly(true);
    // Without this setting, the pool would open another connection while its only connection is in
    // use.
    config.setMinimumIdle(0);
    return new HikariDataSource(config);
  }

  /**
   * Creates a pool for queries that poll whether something has changed. The pool's only connection
   * is used for nothing else, so these queries never wait for a connection. The timeouts are short,
   * so that a half-open connection is detected soon.
   */
  public static HikariDataSource watching(DatabaseAddress address) {
    HikariConfig config = serving(address, 1, timeouts(2, 2));
    config.setPoolName("claviger-watching");
    config.setConnectionTimeout(WATCHING_WAIT.toMillis());
    config.setValidationTimeout(Duration.ofMillis(500).toMillis());
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }

  /**
   * Makes the database end a transaction in which this node does nothing for a minute. A node that
   * hangs or loses its network might hold locks for which other nodes wait, and the database might
   * notice the dead connection only after hours. This method changes nothing if the operator has
   * set a limit for such transactions, or if there is a pooler, because a pooler lends its
   * connections to other clients.
   */
  private static void endHangingTransactions(HikariConfig config, boolean pooled) {
    if (!pooled) {
      config.setConnectionInitSql(
          """
          select set_config('idle_in_transaction_session_timeout', '60s', false)
          where current_setting('idle_in_transaction_session_timeout') = '0'
          """);
    }
  }

  private static HikariConfig serving(DatabaseAddress address, int size, Properties driver) {
    driver.setProperty(DatabaseAddress.SERVER_TYPE, "primary");
    // By default, the driver would remember for 10 seconds that a server is a replica, and so would
    // notice late that this server has become the primary server.
    driver.setProperty("hostRecheckSeconds", "1");
    return config(address, size, driver);
  }

  private static HikariConfig config(DatabaseAddress address, int size, Properties driver) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("claviger");
    config.setDataSource(new PersistentSource(address, driver));
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(Math.min(IDLE_CONNECTIONS, size));
    config.setConnectionTimeout(WAIT_FOR_CONNECTION.toMillis());
    // The isolation level is set here and not left to the server's default, because the locks in
    // the application rely on this level.
    config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
    config.setKeepaliveTime(KEEPALIVE.toMillis());
    config.setExceptionOverride(new LeavingReplicas());
    return config;
  }

  /**
   * @param silence the maximum number of seconds for which a statement may wait for the server's
   *     next bytes; 0 if there is no limit
   * @param connecting the maximum number of seconds that each server may take to accept a
   *     connection
   */
  private static Properties timeouts(int silence, int connecting) {
    Properties driver = new Properties();
    driver.setProperty("ApplicationName", "claviger");
    driver.setProperty("connectTimeout", String.valueOf(connecting));
    driver.setProperty("socketTimeout", String.valueOf(silence));
    driver.setProperty("tcpKeepAlive", "true");
    // Errors might be logged, so they must not contain the details, which quote rows.
    driver.setProperty("logServerErrorDetail", "false");
    return driver;
  }

  private static Properties prepared(Properties driver, boolean pooled) {
    if (pooled) {
      driver.setProperty("prepareThreshold", "0");
    }
    return driver;
  }

  /** Closes a connection if its server has become a replica, even if the connection still works. */
  private static final class LeavingReplicas implements SQLExceptionOverride {
    private static final String READ_ONLY_TRANSACTION = "25006";

    @java.lang.Override
    public SQLExceptionOverride.Override adjudicate(SQLException e) {
      return READ_ONLY_TRANSACTION.equals(e.getSQLState())
          ? SQLExceptionOverride.Override.MUST_EVICT
          : SQLExceptionOverride.Override.CONTINUE_EVICT;
    }
  }

  /**
   * Opens a pool's connections. If no server can be reached, tries again several times a second for
   * up to a minute. Without this class, the pool would soon wait five seconds between attempts, and
   * so would notice a failover late.
   */
  private static final class PersistentSource extends DriverManagerDataSource {
    private static final Duration INTERVAL = Duration.ofMillis(200);
    private static final int CLOSING_SECONDS = 5;
    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** The error codes with which servers refuse connections while they start or stop. */
    private static final Set<String> TEMPORARY = Set.of("57P01", "57P02", "57P03");

    private final String place;
    private final LogRate unreachable = new LogRate(Duration.ofMinutes(1));

    private volatile boolean connected;

    /**
     * @param properties the driver's properties; parameters in the address override them
     */
    PersistentSource(DatabaseAddress address, Properties properties) {
      super(address.jdbcUrl(), properties);
      place = address.place();
      address.user().ifPresent(this::setUsername);
      address.password().map(password -> password.lend(String::new)).ifPresent(this::setPassword);
    }

    /**
     * Opens a connection. Makes only one attempt to open the first connection, because a starting
     * program does not wait for its database.
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
          if (unreachable.allows()) {
            LOG.warn(
                "the database {} {}; trying again; logged once a minute",
                place,
                StartRefused.reason(e));
          }
          pause(e);
        }
      }
    }

    /** Does nothing, because the properties already contain the timeouts. */
    @Override
    public void setLoginTimeout(int seconds) {}

    /**
     * Returns how many seconds a closing pool waits for a connection that is still being opened.
     */
    @Override
    public int getLoginTimeout() {
      return CLOSING_SECONDS;
    }

    private static boolean isTemporary(SQLException e) {
      String state = Optional.ofNullable(e.getSQLState()).orElse("");
      return state.startsWith("08") || TEMPORARY.contains(state);
    }

    /** Waits before the next attempt to connect. Closing the pool interrupts the waiting thread. */
    private static void pause(SQLException reason) throws SQLException {
      try {
        TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw reason;
      }
    }
  }
}
