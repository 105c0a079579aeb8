package io.claviger.journeys;

import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A database of dhamps-vdb that services are imported from. */
final class DhampsDatabase implements AutoCloseable {
  static final String LEGACY_KEY = "legacy-encryption-key-of-32-chars-or-more";

  private final TestDatabase database = PostgresForTests.empty();
  private final JdbcClient sql = JdbcClient.create(database.dataSource());

  /**
   * @param shape {@code before}, {@code refactored} or {@code renamed}
   */
  static DhampsDatabase of(String shape) {
    DhampsDatabase old = new DhampsDatabase();
    old.run(text("/fixtures/dhamps/" + shape + ".sql"));
    return old;
  }

  static DhampsDatabase empty() {
    return new DhampsDatabase();
  }

  private static String text(String resource) {
    try (InputStream in =
        Objects.requireNonNull(DhampsDatabase.class.getResourceAsStream(resource), resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  DhampsDatabase run(String statements) {
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
