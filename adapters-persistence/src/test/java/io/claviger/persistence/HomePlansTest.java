package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.connections.port.ClientSecretStore.Keeping;
import io.claviger.application.connections.port.ClientSecretStore.NewSecret;
import io.claviger.application.connections.port.ClientSecretStore.Why;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.requests.RequestState;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.persistence.approvals.JdbcApprovals;
import io.claviger.persistence.rejectedkeys.JdbcRejectedKeys;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Plans of the queries of the console's first page, of the list of keys by age, and of client
 * secrets, with 100,000 users and 105,000 services. User 0 owns 5,000 of them, which user 2
 * co-owns. User 1 is an administrator.
 */
@Tag("thorough")
final class HomePlansTest {
  private static final int MANY = 100_000;
  private static final int LISTED = 201;
  private static final List<String> MODES = List.of("force_custom_plan", "force_generic_plan");
  private static final PostgresPorts PORTS = new PostgresPorts();
  private static final StatementRecorder STATEMENTS = new StatementRecorder(PORTS.dataSource());
  private static final PostgresPorts OVERHEARD_PORTS = PORTS.through(STATEMENTS);
  private static final Instant NOW = Instant.now();

  @BeforeAll
  static void fill() throws SQLException {
    BulkFill.of(
        PORTS.dataSource(),
        """
        insert into users (id, handle, display_name, administrator, version, created_at, updated_at)
        select md5('u' || n)::uuid, 'user-' || n, 'U', n = 1, 1, now(), now()
        from generate_series(0, 99999) n;

        insert into encryption_keys (id, state, sentinel)
        values ('0a0b0c0d', 'live', decode('010a0b0c0d' || repeat('00', 40), 'hex'));

        insert into instances (
          id, owner_id, owner_handle, handle, display_name, description, provider,
          api_standard, endpoint, model, timeout_ms, enabled, central_key, user_keys,
          fallback_to_central, version, created_at, updated_at, api_key_sealed, api_key_set_at)
        select md5('i' || n)::uuid, md5('u' || o)::uuid, 'user-' || o, 'i-' || n, 'I', '', 'openai',
          'openai', 'https://api.openai.com/v1', 'text-embedding-3-small', 30000, true, true, false,
          false, 1, now(), now(), decode('010a0b0c0d' || repeat('00', 40), 'hex'),
          now() - n * interval '1 minute'
        from (
          select n, case when n <= 5000 then 0 else n - 5001 end as o
          from generate_series(1, 105000) n) numbered;

        insert into user_keys (instance_id, user_id, api_key_sealed, set_at)
        select md5('i' || 1 + n % 5000)::uuid, md5('u' || n)::uuid,
          decode('010a0b0c0d' || repeat('00', 40), 'hex'), now() - n * interval '1 minute'
        from generate_series(0, 99999) n;

        insert into rejected_keys (instance_id, user_id, key_set_at, since, last_at, status)
        select md5('i' || 100 * n)::uuid, null, now() - 100 * n * interval '1 minute', now(), now(),
          401
        from generate_series(1, 1050) n
        union all
        select md5('i' || 1 + 100 * n % 5000)::uuid, md5('u' || 100 * n)::uuid,
          now() - 100 * n * interval '1 minute', now(), now(), 401
        from generate_series(0, 999) n;

        insert into shares (
          instance_id, owner_handle, instance_handle, grantee_id, grantee_handle, role,
          may_reshare, version, created_at, expires_at)
        select i.id, i.owner_handle, i.handle, md5('u' || n)::uuid, 'user-' || n, 'reader', false, 1,
          now(), case when n % 10 = 0 then now() + interval '3 days' end
        from generate_series(3, 99999) n, instances i
        where i.id = md5('i' || 1 + n % 5000)::uuid
        union all
        select id, owner_handle, handle, md5('u2')::uuid, 'user-2', 'owner', false, 1, now(), null
        from instances where owner_handle = 'user-0' and handle <> 'i-5001';

        insert into borrow_requests (
          id, instance_id, asked_owner, asked_handle, asker_id, asker_handle, role, subject, state,
          asked_at, asked_on, ended_at)
        select md5('r' || n)::uuid, md5('i' || 1 + n % 5000)::uuid, 'user-0', 'i-' || 1 + n % 5000,
          md5('u' || n)::uuid, 'user-' || n, 'writer', repeat('0', 64),
          case when n % 2000 = 0 then 'open' when n % 2 = 0 then 'granted' else 'declined' end,
          now() - n * interval '1 minute', now()::date,
          case when n % 2000 <> 0 then now() - n * interval '1 minute' end
        from generate_series(3, 99999) n
        union all
        select md5('s' || n)::uuid, md5('i' || 5001 + n)::uuid, 'user-' || n, 'i-' || 5001 + n,
          md5('u' || n + 1)::uuid, 'user-' || n + 1, 'writer', repeat('1', 64), 'open',
          now() - n * interval '1 minute', now()::date, null
        from generate_series(3, 90000) n;

        insert into approvals (
          id, instance_id, version, asker_id, kind, subject, fields, terms, needed, state, asked_at,
          until)
        select md5('a' || n)::uuid, md5('i' || 5001 + n)::uuid, 1, md5('u' || n)::uuid, 'write',
          'x', '{endpoint}', '{}', 2, 'waiting', now() - n * interval '1 second',
          now() + interval '1 day'
        from generate_series(3, 50000) n;
        """);
    assertThat(PORTS.sql().sql("select count(*) from users").query(Long.class).single())
        .isGreaterThanOrEqualTo(MANY);
  }

  /** User 7 has little, user 0 owns much, user 1 is an administrator, user 2 a co-owner of much. */
  @ParameterizedTest
  @CsvSource({"7, 60", "0, 20_000", "2, 20_000"})
  void the_changes_that_wait_for_a_user_are_read_by_what_is_theirs(int viewer, String most)
      throws SQLException {
    STATEMENTS.forget();
    assertThat(
            new JdbcApprovals(OVERHEARD_PORTS.database())
                .waitingFor(user(viewer), false, NOW, Optional.empty(), LISTED))
        .hasSize(viewer == 7 ? 1 : 0);

    assertTouched(waiting(), "force_custom_plan", most);
  }

  /** The number of statements does not depend on the number of changes. */
  @Test
  void the_consents_of_a_page_are_read_at_once() {
    STATEMENTS.forget();
    assertThat(
            new JdbcApprovals(OVERHEARD_PORTS.database())
                .waitingFor(user(1), true, NOW, Optional.empty(), LISTED))
        .hasSize(LISTED);

    assertThat(STATEMENTS.all()).hasSizeLessThan(5);
  }

  @ParameterizedTest
  @CsvSource({"7, 60", "0, 20_000", "1, 60", "2, 20_000"})
  void the_rejected_keys_of_a_user_are_read_by_indexes(int viewer, String most)
      throws SQLException {
    Object unused =
        new JdbcRejectedKeys(OVERHEARD_PORTS.database())
            .of(user(viewer), viewer == 1, Optional.empty(), NOW, LISTED);

    assertTouched(STATEMENTS.last(), "force_custom_plan", most);
  }

  /** Lists are planned for their values. */
  @ParameterizedTest
  @CsvSource({"7, 60", "0, 20_000", "1, 60", "2, 20_000"})
  void the_requests_that_wait_for_a_user_are_read_by_indexes(int viewer, String most)
      throws SQLException {
    Object unused =
        OVERHEARD_PORTS
            .borrowRequests()
            .list(
                user(viewer),
                Optional.empty(),
                Optional.of(RequestState.OPEN),
                Optional.empty(),
                NOW,
                Optional.empty(),
                LISTED);

    assertTouched(STATEMENTS.last(), "force_custom_plan", most);
  }

  @ParameterizedTest
  @CsvSource({"true, 6_000", "false, 400"})
  void a_page_of_keys_by_age_is_read_by_indexes(boolean rejected, String most) throws SQLException {
    for (String mode : MODES) {
      assertThat(
              new JdbcRejectedKeys(OVERHEARD_PORTS.database())
                  .ages(
                      Optional.of(NOW.minus(Duration.ofDays(30))), rejected, Optional.empty(), 51))
          .hasSize(51);

      assertTouched(STATEMENTS.last(), mode, most);
    }
  }

  /** As many secrets as there may be. User 7 has all that a user may have. */
  @Test
  void room_for_a_client_secret_is_found_by_indexes() throws SQLException {
    BulkFill.of(
        PORTS.dataSource(),
        """
        insert into access_tokens (id, user_id, token_hash, name, scope, origin, created_at)
        select md5('u' || n)::uuid, md5('u' || n)::uuid, sha256(n::text::bytea), 't', 'use',
          'user', now()
        from generate_series(7, 4038) n;

        insert into client_secrets (
          secret_hash, token_hash, user_id, place, instance_id, session, expires_at)
        select sha256(('s' || n || ' ' || place)::bytea), sha256(n::text::bytea),
          md5('u' || n)::uuid, place, md5('i1')::uuid, 'x', now() + interval '1 hour'
        from generate_series(7, 4038) n, generate_series(0, case n when 7 then 63 else 0 end) place;
        """);
    User.Id full = user(7);
    Instance service =
        PORTS
            .instances()
            .find(Instance.Ref.of("user-0/i-1"), user(0), NOW)
            .orElseThrow()
            .instance();
    STATEMENTS.forget();
    assertThat(
            OVERHEARD_PORTS
                .clientSecrets()
                .keep(
                    new NewSecret(
                        new TokenHash(new byte[32]),
                        PORTS
                            .sql()
                            .sql("select sha256('7')")
                            .query((rs, n) -> new TokenHash(rs.getBytes(1)))
                            .single(),
                        new UsageAccount(
                            full,
                            new Handle("user-7"),
                            service.id(),
                            service.ref(),
                            service.owner(),
                            Optional.empty()),
                        new byte[1]),
                    Duration.ofMinutes(1)))
        .isEqualTo(new Keeping.Refused(Why.TOO_MANY));

    for (StatementRecorder.RecordedStatement statement : STATEMENTS.all()) {
      for (String mode : MODES) {
        assertTouched(statement, mode, "400");
      }
    }
  }

  private static StatementRecorder.RecordedStatement waiting() {
    return STATEMENTS.all().stream()
        .filter(each -> each.sql().contains("p.state = 'waiting'"))
        .findFirst()
        .orElseThrow();
  }

  private static void assertTouched(
      StatementRecorder.RecordedStatement statement, String mode, String most) throws SQLException {
    QueryPlan plan = QueryPlan.of(PORTS.dataSource(), statement, mode);
    assertThat(plan.pagesTouched())
        .as("%s", plan.text())
        .isLessThan(Integer.parseInt(most.replace("_", "")));
  }

  private static User.Id user(int number) {
    return PORTS.users().find(new Handle("user-" + number)).orElseThrow().id();
  }
}
