package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.claviger.application.shared.StoreUnavailable;
import io.claviger.persistence.shared.Database;
import io.claviger.testkit.Race;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

final class SchemaTest {
  @AutoClose private final TestDatabase database = PostgresForTests.empty();
  private final Schema schema = new Schema(database.dataSource());
  private final JdbcClient sql = JdbcClient.create(database.dataSource());
  private final Database connected = new Database(database.dataSource());

  @Test
  void an_empty_database_becomes_current_by_migration() {
    assertThat(Schema.isCurrent(connected)).isFalse();

    assertThat(tablesAfterMigration())
        .containsExactly(
            "access_known",
            "access_spans",
            "access_tokens",
            "activity_watch",
            "api_standards",
            "approval_consents",
            "approvals",
            "arrivals",
            "attributed_users",
            "audit_chain",
            "audit_events",
            "audit_head",
            "audit_keys",
            "audit_older",
            "audit_push",
            "audit_turn",
            "audit_unsealed",
            "bare_names",
            "batch_budgets",
            "batch_files",
            "batch_reservations",
            "bill_days",
            "bill_invoices",
            "bill_months",
            "bill_runs",
            "billing_credentials",
            "borrow_requests",
            "budget_accounts",
            "budget_leases",
            "budget_nodes",
            "budget_openings",
            "budget_raises",
            "budget_windows",
            "capacity_accounts",
            "capacity_limits",
            "capacity_minutes",
            "capacity_nodes",
            "change_counter",
            "changes",
            "client_secrets",
            "credential_kinds",
            "current_activity",
            "default_services",
            "definition_shares",
            "definitions",
            "device_codes",
            "encryption_keys",
            "federation_providers",
            "flyway_schema_history",
            "former_users",
            "frequent_event_sums",
            "frequent_events",
            "group_limits",
            "group_members",
            "groups",
            "identities",
            "instances",
            "issuer_keys",
            "late_usage",
            "maker_holdings",
            "model_bounds",
            "model_catalogue",
            "model_configs",
            "model_lists",
            "model_targets",
            "moved_references",
            "muted_askers",
            "naming_keys",
            "nodes",
            "object_holdings",
            "object_records",
            "open_connections",
            "open_projects",
            "permit_leases",
            "place_leases",
            "prices",
            "project_shares",
            "projects",
            "provider_objects",
            "providers",
            "refresh_tokens",
            "refused_calls",
            "rejected_keys",
            "retention",
            "review_lines",
            "reviews",
            "scim_groups",
            "scim_tokens",
            "scim_users",
            "sessions",
            "shared_object_borrowers",
            "shared_objects",
            "shares",
            "sign_in_links",
            "sign_ins",
            "token_debts",
            "token_leases",
            "told_events",
            "transfer_items",
            "transfers",
            "trust_uses",
            "trusted_issuers",
            "trusts",
            "usage_charges",
            "usage_daily",
            "usage_models",
            "usage_periods",
            "usage_rollups",
            "usage_totals",
            "usage_writers",
            "user_keys",
            "user_limits",
            "users",
            "webhook_messages",
            "webhooks",
            "wire_formats");
  }

  private static List<String> tablesAfterMigration() {
    try (TestDatabase migrated =
        PostgresForTests.migrated("claviger", source -> new Schema(source).migrate())) {
      assertThat(Schema.isCurrent(new Database(migrated.dataSource()))).isTrue();
      return tables(migrated);
    }
  }

  @Test
  void how_an_empty_database_stands_is_told_without_changing_it() {
    assertThat(schema.state()).isEqualTo(Schema.State.EMPTY);
    assertThat(tables(database)).isEmpty();
  }

  @Test
  void nodes_that_start_together_wait_for_each_other() {
    List<Boolean> started =
        Race.of(
            4,
            n -> {
              new Schema(database.dataSource()).migrate();
              return Schema.isCurrent(connected);
            },
            1);

    assertThat(started).containsOnly(true);
  }

  @Test
  void a_database_of_something_else_is_refused_in_clear_words() {
    int unused = sql.sql("create table theirs (id int)").update();

    assertThatExceptionOfType(UnsuitableDatabase.class)
        .isThrownBy(schema::migrate)
        .withMessageContaining("tables of another program");
    assertThat(tables(database)).containsExactly("theirs");
  }

  @Test
  void a_role_that_may_not_make_tables_is_refused_in_clear_words() {
    for (String statement :
        List.of(
            "drop role if exists claviger_test_weak",
            "create role claviger_test_weak login password 'weak'")) {
      int unused = sql.sql(statement).update();
    }
    PGSimpleDataSource weak = new PGSimpleDataSource();
    weak.setUrl(database.jdbcUrl());
    weak.setUser("claviger_test_weak");
    weak.setPassword("weak");

    assertThatExceptionOfType(UnsuitableDatabase.class)
        .isThrownBy(() -> new Schema(weak).migrate())
        .withMessageContaining("may not create tables");
    int unused = sql.sql("drop role claviger_test_weak").update();
  }

  @Test
  void a_database_out_of_reach_is_said_to_be() {
    PGSimpleDataSource nowhere = new PGSimpleDataSource();
    nowhere.setUrl("jdbc:postgresql://localhost:1/none");

    assertThatExceptionOfType(StoreUnavailable.class)
        .isThrownBy(() -> new Schema(nowhere).migrate());
  }

  private static List<String> tables(TestDatabase in) {
    return JdbcClient.create(in.dataSource())
        .sql(
            """
        select relname from pg_class
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
          and not relispartition
        order by 1
        """)
        .query(String.class)
        .list();
  }
}
