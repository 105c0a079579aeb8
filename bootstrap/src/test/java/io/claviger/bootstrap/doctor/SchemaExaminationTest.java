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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What {@code doctor} says of a database with two roles: an owner, and one that serves. */
@Tag("slow")
class SchemaExaminationTest {
  private final String suffix = UUID.randomUUID().toString().substring(0, 8);
  private final String owner = "owner_" + suffix;
  private final String service = "service_" + suffix;
  private final TestDatabase database = PostgresForTests.empty();
  private final List<String> shown = new ArrayList<>();

  @BeforeEach
  void create_roles() {
    for (String role : List.of(owner, service)) {
      administer("create role " + role + " login password 'hunter2'");
    }
    administer("grant create on schema public to " + owner);
    administer("revoke create on schema public from public");
  }

  @AfterEach
  void drop_roles() {
    for (String role : List.of(owner, service)) {
      administer("drop owned by " + role + " cascade");
      administer("drop role " + role);
    }
    database.close();
  }

  @Test
  void a_role_that_can_not_migrate_what_is_not_current_is_a_failure() {
    examine(Optional.empty());
    assertThat(shown)
        .singleElement()
        .asString()
        .startsWith("FAIL  schema")
        .endsWith("but the role of DATABASE_URL may not change it");
  }

  @Test
  void what_the_owners_role_migrates_at_the_next_start_is_a_warning() {
    examine(Optional.of(address(owner, "hunter2")));
    assertThat(shown).singleElement().asString().startsWith("warn  schema");
  }

  @Test
  void an_owners_role_that_can_not_log_in_is_a_failure_without_its_password() {
    examine(Optional.of(address("nobody_" + suffix, "secret-of-nobody")));
    assertThat(shown)
        .singleElement()
        .asString()
        .startsWith("FAIL  schema")
        .contains("CLAVIGER_MIGRATION_DATABASE_URL")
        .doesNotContain("secret-of-nobody");
  }

  @Test
  void two_addresses_of_two_databases_are_a_failure() {
    try (TestDatabase other = PostgresForTests.empty()) {
      examine(Optional.of(DatabaseAddress.of(other.jdbcUrl())));
    }
    assertThat(shown)
        .singleElement()
        .asString()
        .startsWith("FAIL  schema")
        .contains("two databases");
  }

  @Test
  void tables_that_the_service_may_not_use_are_named() {
    new Schema(source(owner)).migrate();
    examine(Optional.of(address(owner, "hunter2")));
    assertThat(shown).hasSize(2);
    assertThat(shown.get(0)).startsWith("ok    schema");
    assertThat(shown.get(1)).startsWith("FAIL  rights").contains("audit_events", "users");
  }

  @Test
  void with_the_documented_rights_all_is_well() {
    migrateWithDocumentedRights();
    examine(Optional.of(address(owner, "hunter2")));
    assertThat(shown).hasSize(2).allMatch(line -> line.startsWith("ok"));
  }

  @Test
  void only_the_owner_can_remove_old_months() {
    migrateWithDocumentedRights();

    examine(Optional.empty(), true);
    assertThat(shown.getLast())
        .startsWith("warn  retention")
        .endsWith("set CLAVIGER_MIGRATION_DATABASE_URL");
    examine(Optional.of(address(owner, "hunter2")), true);
    assertThat(shown.getLast()).startsWith("ok    retention");
  }

  private void migrateWithDocumentedRights() {
    execute(
        source(owner),
        "alter default privileges in schema public"
            + " grant select, insert, update, delete on tables to "
            + service);
    new Schema(source(owner)).migrate();
  }

  private void examine(Optional<DatabaseAddress> owners) {
    examine(owners, false);
  }

  private void examine(Optional<DatabaseAddress> owners, boolean removesMonths) {
    Optional<Schema.State> unused =
        new SchemaExamination(finding -> shown.add(DoctorCommand.line(finding)), removesMonths)
            .run(source(service), owners);
  }

  private void administer(String statement) {
    execute(database.dataSource(), statement);
  }

  private static void execute(DataSource source, String statement) {
    int unused = JdbcClient.create(source).sql(statement).update();
  }

  private PGSimpleDataSource source(String role) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(database.jdbcUrl());
    source.setUser(role);
    source.setPassword("hunter2");
    return source;
  }

  private DatabaseAddress address(String role, String password) {
    String place = DatabaseAddress.of(database.jdbcUrl()).place();
    return DatabaseAddress.of("postgres://%s:%s@%s".formatted(role, password, place));
  }
}
