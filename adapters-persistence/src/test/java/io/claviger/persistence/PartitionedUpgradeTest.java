package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Upgrades the usage and audit events of a database from a version without partitions. */
@Tag("thorough")
final class PartitionedUpgradeTest {
  private static final String INDEXES =
      """
      select string_agg(distinct i.indexrelid::text, ' ' order by i.indexrelid::text)
      from pg_index i where i.indrelid in (cast(:usage as regclass), cast(:audit as regclass))
      """;
  private static final String NEW_USAGE =
      """
      insert into usage_daily as u (
        day, user_id, user_handle, instance_id, instance_ref, owner_id, project_id, key_source,
        requests, errors, bytes_in, bytes_out, input_tokens, output_tokens)
      values (
        cast(clock_timestamp() at time zone 'UTC' as date), md5('u1')::uuid, 'bob',
        md5('i')::uuid, 'alice/s', md5('o')::uuid, '00000000-0000-0000-0000-000000000000',
        'central', 1, 0, 1, 1, 1, 1)
      on conflict on constraint usage_daily_pkey do update set
        requests = add_saturating(u.requests, excluded.requests)
      """;

  @AutoClose
  private final TestDatabase database =
      PostgresForTests.migrated(
          "without partitions", PartitionedUpgradeTest::fillASchemaWithoutPartitions);

  private final JdbcClient sql = JdbcClient.create(database.dataSource());

  private static void fillASchemaWithoutPartitions(DataSource source) {
    EarlierSchema.migrate(source, "060");
    JdbcClient filling = JdbcClient.create(source);
    int unused =
        filling
            .sql(
                """
                insert into usage_daily (
                  day, user_id, user_handle, instance_id, instance_ref, owner_id, project_id,
                  key_source, requests, errors, bytes_in, bytes_out, input_tokens, output_tokens)
                select current_date - n % 800, md5('u' || n)::uuid, 'bob', md5('i')::uuid,
                  'alice/s', md5('o')::uuid, '00000000-0000-0000-0000-000000000000', 'central', 7,
                  1, 2, 3, 4, 5
                from generate_series(1, 5000) n
                """)
            .update();
    unused =
        filling
            .sql(
                """
                insert into audit_events (
                  id, at, address, request_id, action, target_type, target_ref, outcome, fields)
                select gen_random_uuid(), now() - n * interval '3 hours', '', '', 'user.create',
                  'user', '', 'done', '{}'
                from generate_series(1, 5000) n
                """)
            .update();
  }

  @Test
  void everything_stays_where_it_is_on_disk_with_the_indexes_that_it_has() {
    String files = text("select usage::oid || ' ' || audit::oid from " + tables("", ""));
    String indexes = indexes("usage_daily", "audit_events");

    migrate("latest");

    assertThat(count("usage_daily")).isEqualTo(5000);
    assertThat(count("audit_events")).isEqualTo(5000);
    assertThat(text("select usage::oid || ' ' || audit::oid from " + tables("_before", "_before")))
        .isEqualTo(files);
    assertThat(indexes("usage_daily_before", "audit_events_before")).startsWith(indexes);
    assertThat(
            texts(
                """
                select c.relname::text from pg_index i join pg_class c on c.oid = i.indexrelid
                where i.indrelid = 'usage_daily_before'::regclass and not c.relispartition
                """))
        .isEmpty();
    assertThat(count("usage_lines")).isEqualTo(5000);
  }

  @Test
  void the_statements_of_an_older_node_work_before_between_and_after_the_migrations() {
    for (String version : List.of("060", "064", "latest")) {
      migrate(version);
      execute(NEW_USAGE);
      execute(
          """
          insert into audit_events (
            id, at, address, request_id, action, target_type, target_ref, outcome, fields)
          values (gen_random_uuid(), now(), '', '', 'user.create', 'user', '', 'done', '{}')
          """);
    }

    assertThat(count("audit_events")).isEqualTo(5003);
    assertThat(
            text(
                """
                select sum(requests)::text from usage_daily
                where day = (clock_timestamp() at time zone 'UTC')::date and requests <> 7
                """))
        .isEqualTo("3");
  }

  @Test
  void rights_on_the_tables_become_rights_on_the_whole_and_on_no_part() {
    String role = "claviger_reader_" + System.nanoTime();
    execute("create role " + role);
    try {
      execute("grant select, insert on usage_daily, audit_events to " + role);

      migrate("latest");

      assertThat(
              texts(
                  """
                  select c.relname || ' ' || a.privilege_type from pg_class c, aclexplode(c.relacl) a
                  where a.grantee = '%s'::regrole order by 1
                  """
                      .formatted(role)))
          .containsExactly(
              "audit_events INSERT",
              "audit_events SELECT",
              "usage_daily INSERT",
              "usage_daily SELECT");
    } finally {
      execute("drop owned by " + role);
      execute("drop role " + role);
    }
  }

  private static String tables(String usage, String audit) {
    return "(select 'usage_daily%s'::regclass as usage, 'audit_events%s'::regclass as audit) t"
        .formatted(usage, audit);
  }

  private String indexes(String usage, String audit) {
    return sql.sql(INDEXES)
        .param("usage", usage)
        .param("audit", audit)
        .query(String.class)
        .single();
  }

  private void migrate(String version) {
    EarlierSchema.migrate(database.dataSource(), version);
  }

  private long count(String table) {
    return sql.sql("select count(*) from " + table).query(Long.class).single();
  }

  private void execute(String statement) {
    int unused = sql.sql(statement).update();
  }

  private String text(String query) {
    return sql.sql(query).query(String.class).single();
  }

  private List<String> texts(String query) {
    return sql.sql(query).query((rs, n) -> rs.getString(1)).list();
  }
}
