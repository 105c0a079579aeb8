package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/**
 * A database with 1,000 users who have 100 instances and 100 shares each, two of whom have many
 * more. The tests of plans share it, because filling it takes longer than they do. It ends with the
 * server of the tests.
 */
final class ManyRows {
  static final PostgresPorts PORTS = new PostgresPorts();

  static {
    try {
      fill();
    } catch (SQLException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private ManyRows() {}

  private static void fill() throws SQLException {
    BulkFill.of(
        PORTS.dataSource(),
        """
        insert into users (id, handle, display_name, administrator, version, created_at, updated_at)
        select md5('u' || n)::uuid, 'user-' || lpad(n::text, 4, '0'), 'U', false, 1, now(), now()
        from generate_series(0, 999) n;

        insert into definitions (
          id, owner_id, owner_handle, handle, description, provider, api_standard, endpoint,
          model, public, version, created_at, updated_at)
        select md5('d' || u.id || n)::uuid, u.id, u.handle, 'd-' || lpad(n::text, 2, '0'), '',
          'openai', 'openai', 'https://api.openai.com/v1', 'text-embedding-3-small',
          n = 0, 1, now(), now()
        from users u, generate_series(0, 9) n
        where u.handle <> '_system';

        insert into instances (
          id, owner_id, owner_handle, handle, display_name, description, provider,
          api_standard, endpoint, model, timeout_ms, enabled, central_key, user_keys,
          fallback_to_central, version, created_at, updated_at)
        select md5('i' || u.id || n)::uuid, u.id, u.handle, 'i-' || lpad(n::text, 4, '0'), 'I',
          '', 'openai', 'openai', 'https://api.openai.com/v1', 'text-embedding-3-small', 30000,
          true, true, false, false, 1, now(), now()
        from users u,
          generate_series(1, case u.handle when '_system' then 100 when 'user-0500' then 2000 else 98 end) n;

        insert into shares (
          instance_id, owner_handle, instance_handle, grantee_id, grantee_handle, role,
          may_reshare, version, created_at)
        select i.id, i.owner_handle, i.handle, g.id, g.handle, 'reader', false, 1, now()
        from users g, instances i
        where g.handle <> '_system' and i.owner_handle <> g.handle
          and i.owner_handle between 'user-0100' and 'user-0119'
          and i.handle between 'i-0001' and
            case when g.handle in ('user-0500', 'user-0501') then 'i-0090' else 'i-0005' end;

        insert into definition_shares (
          definition_id, owner_handle, definition_handle, grantee_id, grantee_handle, version,
          created_at)
        select d.id, d.owner_handle, d.handle, g.id, g.handle, 1, now()
        from users g, definitions d
        where g.handle <> '_system' and d.owner_handle <> g.handle
          and d.owner_handle between 'user-0100' and 'user-0119' and d.handle between 'd-01' and 'd-05';

        insert into projects (
          id, owner_id, owner_handle, handle, description, instance_id, version, created_at,
          updated_at)
        select md5('p' || u.id || n)::uuid, u.id, u.handle, 'p-' || lpad(n::text, 4, '0'), '',
          md5('i' || u.id || 1 + n % 98)::uuid, 1, now(), now()
        from users u, generate_series(1, case u.handle when 'user-0500' then 2000 else 40 end) n
        where u.handle <> '_system';

        insert into project_shares (
          project_id, owner_handle, project_handle, grantee_id, grantee_handle, role, version,
          created_at)
        select p.id, p.owner_handle, p.handle, g.id, g.handle, 'reader', 1, now()
        from users g, projects p
        where g.handle <> '_system' and p.owner_handle <> g.handle
          and p.owner_handle between 'user-0100' and 'user-0119'
          and p.handle between 'p-0001' and 'p-0005';

        insert into encryption_keys (id, state, sentinel)
        values ('0a0b0c0d', 'live', decode('010a0b0c0d' || repeat('00', 40), 'hex'));

        insert into user_keys (instance_id, user_id, api_key_sealed, set_at)
        select i.id, u.id, decode('010a0b0c0d' || repeat('00', 40), 'hex'), now()
        from users u, instances i
        where u.handle <> '_system' and i.owner_handle = '_system';

        insert into default_services (user_id, instance_id, owner_handle, instance_handle)
        select owner_id, id, owner_handle, handle
        from instances
        where handle = 'i-0001';

        insert into model_configs (
          id, provider, model, display_name, enabled, is_default, instance_id,
          api_standard, format, name, on_failure, version, created_at, updated_at, deleted_at)
        select md5('m' || n)::uuid, 'openai', 'm-' || n, 'M', true, false,
          case when n % 20 = 0 then (
            select id from instances where owner_handle = '_system' and handle = 'i-0001') end,
          case when n % 20 = 0 then 'openai' end, 'openai', 'm-' || n, 'none',
          1, now() - n * interval '1 s', now(), case when n % 10 <> 0 then now() end
        from generate_series(1, 100000) n;

        insert into usage_daily
        select date '2026-01-01' + (n - 1), u.id, u.handle,
          case when n <= 50 then lent.id else own.id end,
          case when n <= 50 then lent.owner_handle else own.owner_handle end || '/i-0001',
          case when n <= 50 then lent.owner_id else own.owner_id end,
          case when n % 10 = 0 then p.id else '00000000-0000-0000-0000-000000000000' end,
          case when n % 10 = 0 then 'user-0501/p-0001' end,
          case when n % 10 = 0 then p.owner_id end,
          'central', 1, 0, 1, 1, 1, 1
        from instances own
        join users u on u.id = own.owner_id
        cross join instances lent
        cross join projects p
        cross join generate_series(1, 102) n
        where own.handle = 'i-0001' and own.owner_handle <> '_system'
          and lent.handle = 'i-0001' and lent.owner_handle = 'user-0500'
          and p.handle = 'p-0001' and p.owner_handle = 'user-0501';
        """);
    int unused =
        PORTS
            .sql()
            .sql(
                """
                insert into access_tokens (id, user_id, token_hash, name, scope, origin, created_at)
                select id, id, sha256(handle::bytea), 't', 'manage', 'user', now()
                from users where handle <> '_system'
                """)
            .update();
    unused = PORTS.sql().sql("analyze access_tokens").update();
    assertThat(List.of("instances", "user_keys", "model_configs", "usage_daily"))
        .allSatisfy(
            table ->
                assertThat(
                        PORTS.sql().sql("select count(*) from " + table).query(Long.class).single())
                    .isGreaterThanOrEqualTo(100_000));
  }

  static String plan(StatementRecorder.RecordedStatement statement, String mode)
      throws SQLException {
    return QueryPlan.of(PORTS.dataSource(), statement, mode).text();
  }

  static int pagesTouched(String plan) {
    return new QueryPlan(plan).pagesTouched();
  }

  static TokenHash token(int number) {
    return PORTS
        .sql()
        .sql("select sha256(cast(:handle as bytea))")
        .param("handle", "user-%04d".formatted(number))
        .query((rs, n) -> new TokenHash(rs.getBytes(1)))
        .single();
  }

  static User.Id user(int number) {
    UUID id =
        PORTS.users().find(new Handle("user-%04d".formatted(number))).orElseThrow().id().value();
    return new User.Id(id);
  }
}
