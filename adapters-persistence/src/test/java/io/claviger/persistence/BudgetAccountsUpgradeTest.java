package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which accounts of budgets stay when separate amounts of owners get accounts of their own. */
@Tag("thorough")
final class BudgetAccountsUpgradeTest {
  @AutoClose private final TestDatabase database = PostgresForTests.empty();
  private final JdbcClient sql = JdbcClient.create(database.dataSource());

  @Test
  void accounts_that_only_separate_amounts_can_have_made_are_removed() {
    EarlierSchema.migrate(database.dataSource(), "518");
    int unused =
        sql.sql(
                """
                insert into groups (id, handle, display_name, kind, version, created_at, updated_at)
                values (md5('g')::uuid, 'team', 'Team', 'local', 1, now(), now());
                insert into group_limits (group_id, pooled, limit_budgets, version, updated_at)
                values (md5('g')::uuid, false,
                    '{"5 usd day UTC measured refuse"}', 1, now()),
                  (md5('g')::uuid, true,
                    '{"5 usd day UTC measured refuse","7 usd month UTC measured refuse"}', 1, now());
                insert into budget_accounts (id, subject, unit, period, zone, counted_from)
                select gen_random_uuid(), s.subject, 'usd', p.period, 'UTC', now()
                from (values
                  ('user:' || md5('u')::uuid),
                  ('group:' || md5('g')::uuid),
                  ('group:' || md5('g')::uuid || ':' || md5('u')::uuid)) s (subject),
                  (values ('day'), ('month')) p (period);
                insert into budget_windows (
                  account_id, starts_at, ends_at, settled, reserved, touched_at)
                select id, now(), now() + interval '1 hour', 3, 2, now() from budget_accounts;
                insert into budget_leases (
                  account_id, starts_at, node, began, sequence, spent, granted, written_off,
                  touched_at)
                select account_id, starts_at, md5('n')::uuid, 0, 1, 3, 1, 0, now()
                from budget_windows;
                insert into batch_reservations (
                  id, service_id, state, user_id, user_handle, service_ref, owner_id, key_source,
                  provider, path, accounts, models, quantities, accepted_at, ends_at, due_at, checks)
                values (
                  md5('b')::uuid, md5('s')::uuid, 'open', md5('u')::uuid, 'u', 'u/s', md5('u')::uuid,
                  'central', 'openai', 'responses', '{}', '{m}', '{1,1,1,1,1,0,0}', now(),
                  now() + interval '1 day', now(), 0);
                insert into batch_budgets (
                  reservation_id, account_id, starts_at, reserved, budget, is_strict)
                select md5('b')::uuid, account_id, starts_at, 1, 5, true from budget_windows
                """)
            .update();

    EarlierSchema.migrate(database.dataSource(), "519");

    assertThat(
            sql.sql(
                    """
                    select split_part(subject, ':', 1) || ' '
                      || cardinality(string_to_array(subject, ':')) || ' ' || period
                    from budget_accounts a
                    join budget_windows w on w.account_id = a.id
                    join budget_leases l on l.account_id = a.id
                    join batch_budgets b on b.account_id = a.id
                    """)
                .query(String.class)
                .list())
        .containsExactlyInAnyOrder(
            "user 2 day", "user 2 month", "group 2 day", "group 2 month", "group 3 day");
  }
}
