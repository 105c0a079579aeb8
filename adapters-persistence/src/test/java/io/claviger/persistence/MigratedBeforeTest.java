package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.persistence.shared.Database;
import io.claviger.testkit.Race;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "insert into credential_kinds (name) values ('oauth_device')",
        "insert into federation_providers (name) values ('oracle')",
        "insert into wire_formats (name) values ('soap')",
        "insert into providers (handle, version, created_at, updated_at)"
            + " values ('oracle', 1, now(), now())"
      })
  void a_database_with_a_name_that_only_a_newer_program_declares_is_refused(String statement) {
    change(statement);

    assertThatExceptionOfType(UnsuitableDatabase.class)
        .isThrownBy(schema::migrate)
        .withMessageContaining("newer version of Claviger");
    assertThat(schema.state()).isEqualTo(Schema.State.AHEAD);
    assertThat(Schema.isCurrent(connected)).as("nodes that run stay ready").isTrue();
  }

  /** A correction of an older version can have a migration that the newer version lacks. */
  @Test
  void a_name_of_a_newer_program_is_refused_before_a_missing_migration_runs() {
    change("insert into wire_formats (name) values ('soap')");
    change("delete from flyway_schema_history where version = '" + Schema.NEWEST + "'");
    List<String> before = versions();

    assertThat(schema.state()).isEqualTo(Schema.State.AHEAD);
    assertThatExceptionOfType(UnsuitableDatabase.class)
        .isThrownBy(schema::migrate)
        .withMessageContaining("newer version of Claviger");
    assertThat(versions()).isEqualTo(before);
  }

  /** For an older node, a provider that only newer programs declare is an administrator's. */
  @Test
  void nodes_stay_ready_after_an_older_node_has_deleted_a_provider_that_they_declare() {
    change("delete from providers where handle = 'xai'");

    assertThat(Schema.isCurrent(connected)).isTrue();
    assertThat(schema.state()).isEqualTo(Schema.State.BEHIND);
  }

  @Test
  void a_provider_of_an_administrator_is_not_one_of_a_newer_program() {
    change(
        "insert into providers (handle, content, version, created_at, updated_at)"
            + " values ('house', array['format openai'], 1, now(), now())");

    schema.migrate();

    assertThat(schema.state()).isEqualTo(Schema.State.CURRENT);
  }

  /** So a new kind, format or provider needs no migration. */
  @Test
  void the_next_start_adds_the_names_that_the_database_lacks() {
    List<String> before = names();
    change("update providers set content = array['format openai'] where handle = 'groq'");
    removeNames();
    assertThat(schema.state()).isEqualTo(Schema.State.BEHIND);

    List<Boolean> complete =
        Race.of(
            16,
            n -> {
              schema.migrate();
              return !DeclaredNames.in(connected, SchemaName.PUBLIC).orElseThrow().areMissing();
            },
            1);

    assertThat(complete).containsOnly(true);
    assertThat(schema.state()).isEqualTo(Schema.State.CURRENT);
    assertThat(names()).isEqualTo(before);
    assertThat(count("select count(*) from providers where content is not null")).isEqualTo(1);
  }

  @Test
  void a_role_that_may_not_write_starts_only_if_the_database_has_all_names() {
    PGSimpleDataSource reading = asRole("grant select on all tables in schema public to %s");
    Schema read = new Schema(reading);
    try {
      read.migrate();
      removeNames();

      assertThat(read.mayMigrate()).isFalse();
      assertThatExceptionOfType(UnsuitableDatabase.class)
          .isThrownBy(read::migrate)
          .withMessage(
              "the schema is not current, and this role may not change the tables in schema"
                  + " public");
      assertThat(schema.state()).isEqualTo(Schema.State.BEHIND);
    } finally {
      drop(reading);
    }
  }

  /** In the schema public, other programs such as PostGIS may own tables. */
  @Test
  void a_role_adds_names_to_tables_of_which_it_owns_none() {
    PGSimpleDataSource writing =
        asRole("grant select, insert on all tables in schema public to %s");
    Schema written = new Schema(writing);
    try {
      removeNames();

      assertThat(written.mayMigrate()).isTrue();
      written.migrate();
      assertThat(written.state()).isEqualTo(Schema.State.CURRENT);
    } finally {
      drop(writing);
    }
  }

  @Test
  void a_role_that_may_not_read_the_names_does_not_start_but_can_tell_how_it_stands() {
    PGSimpleDataSource partial = asRole("grant select on flyway_schema_history to %s");
    Schema seen = new Schema(partial);
    try {
      assertThat(seen.state()).isEqualTo(Schema.State.CURRENT);
      assertThatExceptionOfType(UnsuitableDatabase.class)
          .isThrownBy(seen::migrate)
          .withMessageContaining("this role may not read the tables of schema public");
    } finally {
      drop(partial);
    }
  }

  private PGSimpleDataSource asRole(String grant) {
    String role = "claviger_test_" + UUID.randomUUID().toString().replace("-", "");
    change("create role " + role + " login password 'role'");
    change(grant.formatted(role));
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(database.jdbcUrl());
    source.setUser(role);
    source.setPassword("role");
    return source;
  }

  private void drop(PGSimpleDataSource role) {
    change("drop owned by " + role.getUser());
    change("drop role " + role.getUser());
  }

  @Test
  void services_and_providers_of_an_earlier_version_stay() {
    try (TestDatabase earlier = EarlierSchema.until("518")) {
      JdbcClient old = JdbcClient.create(earlier.dataSource());
      for (String credential :
          List.of("'api_key', '{}'", "'federated', '{audience=provider=x,provider=aws}'")) {
        int unused =
            old.sql(
                    """
                    insert into instances (id, owner_id, owner_handle, handle, display_name,
                      description, provider, api_standard, endpoint, model, timeout_ms, enabled,
                      central_key, user_keys, fallback_to_central, version, created_at, updated_at,
                      credential_kind, credential_settings)
                    select gen_random_uuid(), id, handle, 'x' || md5(random()::text), 'x', '',
                      'openai', 'openai', 'http://localhost', 'm', 1, true, true, false, false, 1,
                      now(), now(), %s
                    from users where handle = '_system'
                    """
                        .formatted(credential))
                .update();
      }
      int alsoUnused =
          old.sql(
                  "insert into providers (handle, version, created_at, updated_at)"
                      + " values ('written-with-sql', 1, now(), now())")
              .update();

      new Schema(earlier.dataSource()).migrate();

      assertThat(
              old.sql(
                      "select concat_ws(' ', credential_kind, credential_settings[2])"
                          + " from instances order by 1")
                  .query(String.class)
                  .list())
          .containsExactly("api_key", "federated provider=aws");
      assertThat(new Schema(earlier.dataSource()).state()).isEqualTo(Schema.State.CURRENT);
    }
  }

  private void removeNames() {
    change("delete from credential_kinds where name = 'aws'");
    change("delete from federation_providers where name = 'aws'");
    change("delete from api_standards where handle = 'bedrock'");
    change("delete from wire_formats where name = 'bedrock'");
    change("delete from providers where handle in ('groq', 'xai') and content is null");
  }

  private List<String> names() {
    return sql.sql(
            """
            select 'kind ' || name from credential_kinds
            union all select 'federation ' || name from federation_providers
            union all select 'format ' || name from wire_formats
            union all select concat_ws(' ', handle, version, created_at) from providers
            order by 1
            """)
        .query(String.class)
        .list();
  }

  private int count(String query) {
    return sql.sql(query).query(Integer.class).single();
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
