package io.claviger.testkit.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Databases for tests. Each JVM uses one server. If {@code CLAVIGER_TEST_DATABASE_URL} is set, the
 * JVM uses the server at this URL. If the variable is not set, the JVM uses a server in Docker, or
 * an embedded server if there is no Docker. The log says which server is used.
 */
public final class PostgresForTests {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresForTests.class);
  private static final Map<String, String> TEMPLATES = new ConcurrentHashMap<>();

  /** Databases that have not been dropped. */
  private static final Set<String> CREATED = ConcurrentHashMap.newKeySet();

  static {
    // All other servers end with the JVM.
    if (PostgresServer.given().isPresent()) {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> CREATED.forEach(PostgresForTests::tryToDrop)));
    }
  }

  private PostgresForTests() {}

  /** Returns a new, empty database. */
  public static TestDatabase empty() {
    return create("template0");
  }

  /**
   * Returns a new database with the result of a migration. The migration runs only once in each JVM
   * and month, because it makes partitions for the months that follow. Each call returns a copy of
   * the migrated database.
   *
   * @param name the name of the migration, by which later calls find the migrated database
   */
  public static TestDatabase migrated(String name, Consumer<DataSource> migration) {
    return create(
        TEMPLATES.computeIfAbsent(
            ofMonth(name), n -> template("template0 encoding 'UTF8'", migration)));
  }

  /**
   * Returns a new database with the result of a change to a migrated one. The migration and the
   * change run only once in each JVM and month.
   *
   * @param name the name of the change, by which later calls find the changed database
   * @param of the name of the migration
   */
  public static TestDatabase changed(
      String name, String of, Consumer<DataSource> migration, Consumer<DataSource> change) {
    String migrated =
        TEMPLATES.computeIfAbsent(
            ofMonth(of), n -> template("template0 encoding 'UTF8'", migration));
    return create(
        TEMPLATES.computeIfAbsent(
            ofMonth(name), n -> template(migrated + " strategy file_copy", change)));
  }

  private static String ofMonth(String name) {
    return name + " " + YearMonth.now(ZoneOffset.UTC);
  }

  private static String template(String from, Consumer<DataSource> change) {
    String name = newDatabase(from);
    change.accept(Server.RUNNING.database(name));
    return name;
  }

  private static TestDatabase create(String template) {
    // The files are copied, because PostgreSQL's other strategy, which writes the content of the
    // files to the log, takes four times as long.
    String name = newDatabase(template + " strategy file_copy");
    return new TestDatabase(Server.RUNNING.url(name), () -> drop(name));
  }

  private static void drop(String name) {
    execute("drop database if exists " + name + " with (force)");
    CREATED.remove(name);
  }

  private static void tryToDrop(String name) {
    try {
      drop(name);
    } catch (IllegalStateException e) {
      LOG.warn("the database {} of a test is left on the server", name, e);
    }
  }

  private static synchronized void execute(String sql) {
    try (Statement statement = Server.administration().createStatement()) {
      boolean unused = statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static String newDatabase(String from) {
    String name = "claviger_test_" + UUID.randomUUID().toString().replace("-", "");
    CREATED.add(name);
    execute("create database " + name + " template " + from);
    return name;
  }

  /** The server starts when the first database is created. */
  private static final class Server {
    static final PostgresServer RUNNING = PostgresServer.start();

    /** Stays open, because each new connection costs the server more than the statement. */
    private static @Nullable Connection administration;

    static Connection administration() throws SQLException {
      Connection open = administration;
      if (open == null || !open.isValid(1)) {
        open = RUNNING.administration().getConnection();
        administration = open;
      }
      return open;
    }
  }
}
