package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which accounts of budgets, and which raises of budgets, stay when the schema is upgraded. */
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

  @Test
  void raises_of_co_owners_end_unless_their_share_is_there() {
    EarlierSchema.migrate(database.dataSource(), "521");
    int unused =
        sql.sql(
                """
                insert into users (
                  id, handle, display_name, administrator, version, created_at, updated_at)
                select md5(h)::uuid, h, h, h = 'root-2', 1, now(), now()
                from unnest('{alice,bob,carol,dave,erin,root-2}'::text[]) h;
                insert into groups (id, handle, display_name, kind, version, created_at, updated_at)
                values (md5('team')::uuid, 'team', 'Team', 'local', 1, now(), now());
                insert into group_members (group_id, user_id, role, created_at)
                values (md5('team')::uuid, md5('dave')::uuid, 'member', now());
                insert into instances (
                  id, owner_id, owner_handle, handle, display_name, description, provider,
                  api_standard, endpoint, model, timeout_ms, enabled, central_key, user_keys,
                  fallback_to_central, version, created_at, updated_at)
                select md5(i)::uuid, u.id, u.handle, i, i, '', 'openai', 'openai',
                  'http://localhost', 'm', 1, true, true, false, false, 1, now(), now()
                from (values ('s', 'alice'), ('of-all', '_system')) s (i, owner)
                join users u on u.handle = s.owner;
                insert into shares (
                  instance_id, owner_handle, instance_handle, grantee_id, grantee_handle, role,
                  may_reshare, expires_at, given_by, given_via, version, created_at)
                select md5('s')::uuid, 'alice', 's', md5(h)::uuid, g || h, role, false,
                  now() + ends, null, md5(via)::uuid, 1, now()
                from (values
                  ('', 'bob', 'owner', null, null),
                  ('', 'carol', 'reader', interval '1 hour', 'bob'),
                  ('', 'erin', 'reader', interval '-1 hour', 'bob'),
                  ('@', 'team', 'reader', null, 'bob')) s (g, h, role, ends, via);
                insert into budget_accounts (id, subject, unit, period, zone, counted_from)
                select md5(h)::uuid, subject, 'usd', 'month', 'UTC', now()
                from (values
                  ('carol', 'service:' || md5('s')::uuid || ':' || md5('carol')::uuid),
                  ('dave', 'service:' || md5('s')::uuid || ':' || md5('dave')::uuid),
                  ('erin', 'service:' || md5('s')::uuid || ':' || md5('erin')::uuid),
                  ('team', 'service:' || md5('s')::uuid || ':group:' || md5('team')::uuid),
                  ('gone', 'service:' || md5('s')::uuid || ':' || md5('gone')::uuid),
                  ('all', 'service:' || md5('s')::uuid),
                  ('of-all', 'service:' || md5('of-all')::uuid || ':' || md5('carol')::uuid),
                  ('user', 'user:' || md5('carol')::uuid)) a (h, subject);
                insert into budget_raises (id, account_id, amount, until, created_at, created_by)
                select md5(a || by)::uuid, md5(a)::uuid, n, now() + interval '2 hours',
                  now() - interval '1 day', case when by <> 'gone' then md5(by)::uuid end
                from (values
                  ('carol', 'alice', 1), ('carol', 'bob', 2), ('carol', 'gone', 3),
                  ('dave', 'bob', 4), ('team', 'bob', 5), ('gone', 'bob', 6), ('all', 'alice', 7),
                  ('of-all', 'root-2', 8), ('user', 'root-2', 9), ('user', 'gone', 10),
                  ('erin', 'bob', 11), ('of-all', 'gone', 12)) r (a, by, n);
                """)
            .update();

    EarlierSchema.migrate(database.dataSource(), "524");

    assertThat(
            sql.sql(
                    """
                    select r.amount || ' '
                      || extract(hour from r.until - r.created_at - interval '1 day') || ' '
                      || coalesce(g.at_handle, u.handle, 'none') || ' '
                      || (r.share_instance_id is not distinct from md5('s')::uuid
                        and r.share_given_via is not distinct from md5('bob')::uuid)
                    from budget_raises r
                    left join users u on u.id = r.share_grantee_id
                    left join groups g on g.id = r.share_grantee_id
                    where r.until > now()
                    order by r.amount
                    """)
                .query(String.class)
                .list())
        .containsExactly(
            "1 2 none false",
            "2 1 carol true",
            "4 2 @team true",
            "5 2 @team true",
            "7 2 none false",
            "8 2 none false",
            "9 2 none false",
            "10 2 none false",
            "12 2 none false");
  }
}
