package io.claviger.journeys;

import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A database of another system that is imported from. */
final class ForeignDatabase implements AutoCloseable {
  static final String LEGACY_KEY = "legacy-encryption-key-of-32-chars-or-more";

  private final TestDatabase database = PostgresForTests.empty();
  private final JdbcClient sql = JdbcClient.create(database.dataSource());

  /**
   * @param shape {@code before}, {@code refactored} or {@code renamed}
   */
  static ForeignDatabase dhamps(String shape) {
    return of("dhamps/" + shape);
  }

  /**
   * @param shape {@code chat} or {@code ai}, by the tables that hold its providers
   */
  static ForeignDatabase coder(String shape) {
    return of("coder/" + shape);
  }

  /** LiteLLM's tables with a little content. */
  static ForeignDatabase liteLlm() {
    return of("litellm/schema").run(text("/fixtures/litellm/content.sql"));
  }

  private static ForeignDatabase of(String fixture) {
    ForeignDatabase old = new ForeignDatabase();
    return old.run(text("/fixtures/" + fixture + ".sql"));
  }

  static ForeignDatabase empty() {
    return new ForeignDatabase();
  }

  private static String text(String resource) {
    try (InputStream in =
        Objects.requireNonNull(ForeignDatabase.class.getResourceAsStream(resource), resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ForeignDatabase run(String statements) {
    try (var connection = database.dataSource().getConnection();
        var statement = connection.createStatement()) {
      boolean unused = statement.execute(statements);
      return this;
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  String url() {
    return database.jdbcUrl();
  }

  /**
   * The arguments of an import of LiteLLM's tables.
   *
   * @param directory where files with the salt key and with variables are written
   */
  String[] liteLlmImport(Path directory, String saltKey, String variables) throws IOException {
    Path key = Files.writeString(directory.resolve("salt"), saltKey + "\n");
    Path environment = Files.writeString(directory.resolve("env"), variables + "\n");
    return new String[] {
      "import",
      "litellm",
      "--from",
      url(),
      "--salt-key-file",
      key.toString(),
      "--env-file",
      environment.toString()
    };
  }

  /** Every row of every table. */
  String dump() {
    StringJoiner dump = new StringJoiner("\n");
    for (String table :
        column("select tablename from pg_tables where schemaname = 'public' order by 1")) {
      dump.add(table);
      column("select t::text from public.\"" + table + "\" t order by 1").forEach(dump::add);
    }
    return dump.toString();
  }

  private List<String> column(String query) {
    return sql.sql(query).query((row, n) -> row.getString(1)).list();
  }

  @Override
  public void close() {
    database.close();
  }
}
