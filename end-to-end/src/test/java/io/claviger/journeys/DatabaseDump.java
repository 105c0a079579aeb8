package io.claviger.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.persistence.Schema;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;

/**
 * What a database holds, as text: every table of every schema but PostgreSQL's own, by COPY. It is
 * what a dump shows, and stands in for one where {@code pg_dump} is missing or too old.
 */
record DatabaseDump(Map<String, String> tables) {
  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

  static DatabaseDump of(Connection connection) throws SQLException {
    Map<String, String> tables = new LinkedHashMap<>();
    for (String table : tablesOf(connection)) {
      StringWriter rows = new StringWriter();
      try {
        long unused =
            connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("copy " + table + " to stdout", rows);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      tables.put(table, rows.toString());
    }
    return new DatabaseDump(tables);
  }

  private static List<String> tablesOf(Connection connection) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                select format('%I.%I', n.nspname, c.relname) from pg_class c
                join pg_namespace n on n.oid = c.relnamespace
                where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema')
                order by 1
                """)) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    return tables;
  }

  String text() {
    StringBuilder text = new StringBuilder();
    tables.forEach((table, rows) -> text.append(table).append('\n').append(rows));
    return text.toString();
  }

  /** Loads the dump into a database with the same tables, and replaces their content. */
  void restore(Connection connection) throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      // As in the restore of a dump, references are not checked while rows are loaded.
      boolean unused = statement.execute("set session_replication_role = replica");
      for (Map.Entry<String, String> table : tables.entrySet()) {
        if (table.getKey().equals("public.audit_turn")) {
          continue; // It always has the same single row, which nobody may delete.
        }
        if (!table.getKey().startsWith("public.audit_")) {
          unused = statement.execute("delete from " + table.getKey());
        }
        long rows =
            connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(
                    "copy " + table.getKey() + " from stdin", new StringReader(table.getValue()));
        assertThat(rows).isEqualTo(table.getValue().lines().count());
      }
      unused = statement.execute("set session_replication_role = default");
    }
  }

  /**
   * Creates another database with the same content, with pg_dump if a suitable version is
   * installed.
   */
  static TestDatabase restoredElsewhere(Connection from, String url, Path directory)
      throws SQLException, IOException, InterruptedException {
    if (pgDump() >= from.getMetaData().getDatabaseMajorVersion()) {
      TestDatabase elsewhere = PostgresForTests.empty();
      Path file = directory.resolve("dump");
      run("pg_dump", "--format=custom", "--file=" + file, "--dbname=" + libpq(url));
      run(
          "pg_restore",
          "--no-owner",
          "--exit-on-error",
          "--dbname=" + libpq(elsewhere.jdbcUrl()),
          file.toString());
      return elsewhere;
    }
    TestDatabase elsewhere =
        PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());
    try (Connection to = elsewhere.dataSource().getConnection()) {
      of(from).restore(to);
    }
    return elsewhere;
  }

  /** The major version of pg_dump; 0 where there is none. */
  static int pgDump() throws InterruptedException {
    try {
      Matcher version = VERSION.matcher(run("pg_dump", "--version"));
      return version.find() ? Integer.parseInt(version.group(1)) : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  private static String libpq(String jdbcUrl) {
    return jdbcUrl.replaceFirst("^jdbc:", "");
  }

  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }
}
