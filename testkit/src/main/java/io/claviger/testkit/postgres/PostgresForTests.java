package io.claviger.testkit.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Databases for tests. Each JVM uses one server. If {@code CLAVIGER_TEST_DATABASE_URL} is set, the
 * JVM uses the server at this URL. If the variable is not set, the JVM uses a server in Docker, or
 * an embedded server if there is no Docker. The log says which server is used.
 */
public final class PostgresForTests {
  private static final Map<String, String> TEMPLATES = new ConcurrentHashMap<>();

  private PostgresForTests() {}

  /** Returns a new, empty database. */
  public static TestDatabase empty() {
    return create("template0");
  }

  /**
   * Returns a new database with the result of a migration. The migration runs only once in each
   * JVM. Each call returns a copy of the migrated database.
   *
   * @param name the name of the migration, by which later calls find the migrated database
   */
  public static TestDatabase migrated(String name, Consumer<DataSource> migration) {
    return create(
        TEMPLATES.computeIfAbsent(name, n -> template("template0 encoding 'UTF8'", migration)));
  }

  /**
   * Returns a new database with the result of a change to a migrated one. The change runs only once
   * in each JVM.
   *
   * @param name the name of the change, by which later calls find the changed database
   * @param of the name of a migration that has run
   */
  public static TestDatabase changed(String name, String of, Consumer<DataSource> change) {
    String migrated = Objects.requireNonNull(TEMPLATES.get(of), of);
    return create(
        TEMPLATES.computeIfAbsent(name, n -> template(migrated + " strategy file_copy", change)));
  }

  private static String template(String from, Consumer<DataSource> change) {
    String name = newName();
    execute("create database " + name + " template " + from);
    change.accept(Server.RUNNING.database(name));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> dropAtExit(name)));
    return name;
  }

  private static TestDatabase create(String template) {
    String name = newName();
    // The files are copied, because PostgreSQL's other strategy, which writes the content of the
    // files to the log, takes four times as long.
    execute("create database " + name + " template " + template + " strategy file_copy");
    return new TestDatabase(Server.RUNNING.url(name), () -> drop(name));
  }

  private static void drop(String name) {
    execute("drop database if exists " + name + " with (force)");
  }

  /**
   * Drops a database at the end of the JVM, unless the server is an embedded server that has
   * already ended.
   */
  private static void dropAtExit(String name) {
    try {
      drop(name);
    } catch (IllegalStateException e) {
      return;
    }
  }

  private static synchronized void execute(String sql) {
    try (Statement statement = Server.administration().createStatement()) {
      boolean unused = statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private static String newName() {
    return "claviger_test_" + UUID.randomUUID().toString().replace("-", "");
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
