package io.claviger.persistence;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A migration as Flyway records it in the database.
 *
 * @param version the version of the migration, three digits
 * @param description the part of the file name after the version, with blanks between the words
 * @param checksum Flyway's checksum of the file
 */
record RecordedMigration(String version, String description, int checksum) {
  // Each line describes one migration: its version, checksum and description.
  private static final String FILE = "recorded-migrations.txt";
  private static final int PARTS = 3;

  /** The name of the migration's file. */
  String script() {
    return "V%s__%s.sql".formatted(version, description.replace(' ', '_'));
  }

  /**
   * All migrations of this program, in the order in which Flyway runs them. A file lists them, so
   * that a starting node can compare them with the database without Flyway. Loading Flyway and
   * reading all migrations would take a tenth of the CPU time of a start.
   */
  static List<RecordedMigration> ofThisProgram() {
    try (InputStream file =
        Objects.requireNonNull(RecordedMigration.class.getResourceAsStream(FILE), FILE)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(" ", PARTS))
          .map(part -> new RecordedMigration(part[0], part[2], Integer.parseInt(part[1])))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns the migrations that a database has recorded, in the order in which they ran; an empty
   * list if there are none. A recorded version is empty if the migration failed, has no version, or
   * is not an SQL file.
   *
   * @param connections a source of connections whose search path contains the schema
   */
  static List<RecordedMigration> in(DataSource connections) {
    try {
      return JdbcClient.create(connections)
          .sql(
              """
              select case when success and type = 'SQL' then coalesce(version, '') else '' end
                  as version, description, coalesce(checksum, 0) as checksum
              from flyway_schema_history order by installed_rank
              """)
          .query(
              (row, number) ->
                  new RecordedMigration(
                      String.valueOf(row.getString("version")),
                      String.valueOf(row.getString("description")),
                      row.getInt("checksum")))
          .list();
    } catch (BadSqlGrammarException e) {
      return List.of(); // there is no such table, or this role may not read it
    }
  }
}
