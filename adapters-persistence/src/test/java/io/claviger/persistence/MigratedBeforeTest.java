package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.persistence.shared.Database;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What happens to a database whose migrations have been run before. */
final class MigratedBeforeTest {
  @AutoClose
  private final TestDatabase database =
      PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());

  private final Schema schema = new Schema(database.dataSource());
  private final JdbcClient sql = JdbcClient.create(database.dataSource());
  private final Database connected = new Database(database.dataSource());

  /** If you add a migration, add the line that this test shows to recorded-migrations.txt. */
  @Test
  void each_migration_of_this_program_is_recorded() {
    assertThat(schema.flyway().info().pending())
        .extracting(
            missing ->
                "%s %d %s"
                    .formatted(
                        missing.getVersion(), missing.getChecksum(), missing.getDescription()))
        .isEmpty();
  }

  /** A new database takes the checksums from the list, and a later start compares the files. */
  @Test
  void each_migration_is_recorded_with_the_checksum_of_its_file() {
    assertThat(schema.flyway().validateWithResult().getAllErrorMessages()).isEmpty();
  }

  @Test
  void the_database_records_the_migrations_that_this_program_lists() {
    assertThat(versions())
        .isSorted()
        .doesNotHaveDuplicates()
        .allMatch(version -> version.matches("\\d{3}"))
        .endsWith(Schema.NEWEST);
    assertThat(RecordedMigration.in(database.dataSource()))
        .containsExactlyElementsOf(RecordedMigration.ofThisProgram());
  }

  @Test
  void migrating_again_changes_nothing() {
    List<String> before = versions();

    schema.migrate();

    assertThat(versions()).isEqualTo(before);
  }

  @Test
  void a_database_whose_migrations_were_others_is_refused() {
    int rows =
        sql.sql("update flyway_schema_history set checksum = 1 where version = '010'").update();

    assertThat(rows).isEqualTo(1);
    assertThatExceptionOfType(UnsuitableDatabase.class).isThrownBy(schema::migrate);
  }

  @Test
  void a_migration_that_failed_is_not_taken_for_one_that_was_run() {
    change("update flyway_schema_history set success = false where version = '010'");

    assertThatExceptionOfType(UnsuitableDatabase.class).isThrownBy(schema::migrate);
  }

  @Test
  void a_database_changed_by_a_newer_program_is_refused_in_clear_words() {
    int rows =
        sql.sql(
                """
                insert into flyway_schema_history (
                  installed_rank, version, description, type, script, checksum, installed_by,
                  execution_time, success)
                values (999, '999', 'future', 'SQL', 'V999__future.sql', 1, 'me', 1, true)
                """)
            .update();

    assertThat(rows).isEqualTo(1);
    assertThatExceptionOfType(UnsuitableDatabase.class)
        .isThrownBy(schema::migrate)
        .withMessageContaining("newer version of Claviger");
    assertThat(Schema.isCurrent(connected)).isTrue();
  }

  @Test
  void how_it_stands_is_told_without_changing_it() {
    assertThat(schema.state()).isEqualTo(Schema.State.CURRENT);

    change(
        "insert into flyway_schema_history (installed_rank, version, description, type, script,"
            + " checksum, installed_by, execution_time, success)"
            + " values (999, '999', 'future', 'SQL', 'V999__future.sql', 1, 'me', 1, true)");
    assertThat(schema.state()).isEqualTo(Schema.State.AHEAD);

    change("delete from flyway_schema_history where version in ('999', '" + Schema.NEWEST + "')");
    assertThat(schema.state()).isEqualTo(Schema.State.BEHIND);

    change("drop table flyway_schema_history");
    assertThat(schema.state()).isEqualTo(Schema.State.FOREIGN);
  }

  private void change(String statement) {
    int unused = sql.sql(statement).update();
  }

  private List<String> versions() {
    return sql.sql("select version from flyway_schema_history where success order by 1")
        .query(String.class)
        .list();
  }
}
