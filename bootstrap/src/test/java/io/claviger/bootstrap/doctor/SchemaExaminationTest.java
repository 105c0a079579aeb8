package io.claviger.bootstrap.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.bootstrap.cli.DoctorCommand;
import io.claviger.host.DatabaseAddress;
import io.claviger.persistence.Schema;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What {@code doctor} reports about a database with two roles: the owner of the tables, and the
 * role of the service.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemaExaminationTest {
  private final String suffix = UUID.randomUUID().toString().substring(0, 8);
  private final String owner = "owner_" + suffix;
  private final String service = "service_" + suffix;

  /** A role without the rights that the owner gives to the role of the service. */
  private final String other = "other_" + suffix;

  private final TestDatabase empty = PostgresForTests.empty();
  private final TestDatabase migrated = PostgresForTests.empty();
  private final List<String> shown = new ArrayList<>();

  @BeforeAll
  void create_roles_and_tables() {
    for (String role : List.of(owner, service, other)) {
      execute(empty.dataSource(), "create role " + role + " login password 'hunter2'");
    }
    for (TestDatabase each : List.of(empty, migrated)) {
      execute(each.dataSource(), "grant create on schema public to " + owner);
      execute(each.dataSource(), "revoke create on schema public from public");
    }
    execute(
        source(migrated, owner),
        "alter default privileges in schema public"
            + " grant select, insert, update, delete on tables to "
            + service);
    new Schema(source(migrated, owner)).migrate();
  }

  @BeforeEach
  void forget() {
    shown.clear();
  }

  @AfterAll
  void drop_roles() {
    migrated.close();
    for (String role : List.of(owner, service, other)) {
      execute(empty.dataSource(), "drop owned by " + role + " cascade");
      execute(empty.dataSource(), "drop role " + role);
    }
    empty.close();
  }

  @Test
  void a_role_that_can_not_migrate_what_is_not_current_is_a_failure() {
    examine(empty, Optional.empty());
    assertThat(shown)
        .singleElement()
        .asString()
        .startsWith("FAIL  schema")
        .endsWith("but the role of DATABASE_URL may not change it");
  }

  @Test
  void what_the_owners_role_migrates_at_the_next_start_is_a_warning() {
    examine(empty, Optional.of(address(empty, owner, "hunter2")));
    assertThat(shown).singleElement().asString().startsWith("warn  schema");
  }

  @Test
  void an_owners_role_that_can_not_log_in_is_a_failure_without_its_password() {
    examine(empty, Optional.of(address(empty, "nobody_" + suffix, "secret-of-nobody")));
    assertThat(shown)
        .singleElement()
        .asString()
        .startsWith("FAIL  schema")
        .contains("CLAVIGER_MIGRATION_DATABASE_URL")
        .doesNotContain("secret-of-nobody");
  }

  @Test
  void two_addresses_of_two_databases_are_a_failure() {
    examine(empty, Optional.of(DatabaseAddress.of(migrated.jdbcUrl())));
    assertThat(shown)
        .singleElement()
        .asString()
        .startsWith("FAIL  schema")
        .contains("two databases");
  }

  @Test
  void tables_that_the_service_may_not_use_are_named() {
    examine(migrated, other, Optional.of(address(migrated, owner, "hunter2")), false);
    assertThat(shown).hasSize(2);
    assertThat(shown.get(0)).startsWith("ok    schema");
    assertThat(shown.get(1)).startsWith("FAIL  rights").contains("audit_events", "users");
  }

  @Test
  void names_that_the_only_role_may_not_read_are_named_too() {
    execute(source(migrated, owner), "revoke select on credential_kinds from " + service);
    try {
      examine(migrated, Optional.empty());
      assertThat(shown).hasSize(2);
      assertThat(shown.get(0)).startsWith("ok    schema");
      assertThat(shown.get(1)).startsWith("FAIL  rights").contains("may not use credential_kinds:");
    } finally {
      execute(source(migrated, owner), "grant select on credential_kinds to " + service);
    }
  }

  @Test
  void with_the_documented_rights_all_is_well() {
    examine(migrated, Optional.of(address(migrated, owner, "hunter2")));
    assertThat(shown).hasSize(2).allMatch(line -> line.startsWith("ok"));
  }

  @Test
  void only_the_owner_can_remove_old_months() {
    examine(migrated, service, Optional.empty(), true);
    assertThat(shown.getLast())
        .startsWith("warn  retention")
        .endsWith("set CLAVIGER_MIGRATION_DATABASE_URL");
    examine(migrated, service, Optional.of(address(migrated, owner, "hunter2")), true);
    assertThat(shown.getLast()).startsWith("ok    retention");
  }

  private void examine(TestDatabase database, Optional<DatabaseAddress> owners) {
    examine(database, service, owners, false);
  }

  private void examine(
      TestDatabase database, String role, Optional<DatabaseAddress> owners, boolean removesMonths) {
    Optional<Schema.State> unused =
        new SchemaExamination(finding -> shown.add(DoctorCommand.line(finding)), removesMonths)
            .run(source(database, role), owners);
  }

  private static void execute(DataSource source, String statement) {
    int unused = JdbcClient.create(source).sql(statement).update();
  }

  private static PGSimpleDataSource source(TestDatabase database, String role) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(database.jdbcUrl());
    source.setUser(role);
    source.setPassword("hunter2");
    return source;
  }

  private static DatabaseAddress address(TestDatabase database, String role, String password) {
    String place = DatabaseAddress.of(database.jdbcUrl()).place();
    return DatabaseAddress.of("postgres://%s:%s@%s".formatted(role, password, place));
  }
}
