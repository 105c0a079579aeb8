package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.Ports;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Plans of queries by one user who is in 200 of 10,000 groups, each of which was lent 100 of 20,000
 * services.
 */
@Tag("thorough")
final class GroupPlansTest {
  private static final User.Id MEMBER = new User.Id(new UUID(0, 1));
  private static final InstanceFilter ANY =
      new InstanceFilter(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  @AutoClose private static final PostgresPorts PORTS = new PostgresPorts();
  private static final StatementRecorder STATEMENTS = new StatementRecorder(PORTS.dataSource());
  private static final Ports OVERHEARD_PORTS = PORTS.through(STATEMENTS);

  @BeforeAll
  static void fill() throws SQLException {
    BulkFill.of(
        PORTS.dataSource(),
        """
        insert into users (
          id, handle, display_name, administrator, version, created_at, updated_at)
        values ('00000000-0000-0000-0000-000000000001', 'member', 'M', false, 1, now(), now()),
          ('00000000-0000-0000-0000-000000000002', 'owner', 'O', false, 1, now(), now());

        insert into access_tokens (id, user_id, token_hash, name, scope, origin, created_at)
        values ('00000000-0000-0000-0000-000000000001',
          '00000000-0000-0000-0000-000000000001', sha256('member'), 't', 'use', 'user', now());
        insert into access_tokens (id, user_id, token_hash, name, scope, origin, created_at)
        select md5('t' || n)::uuid, md5('u' || n)::uuid, sha256(n::text::bytea), 't', 'use',
          'user', now()
        from generate_series(1, 2000) n;

        insert into users (
          id, handle, display_name, administrator, version, created_at, updated_at)
        select md5('u' || n)::uuid, 'u-' || n, 'U', false, 1, now(), now()
        from generate_series(1, 2000) n;

        insert into definitions (
          id, owner_id, owner_handle, handle, description, provider, api_standard, endpoint,
          model, public, version, created_at, updated_at)
        select md5('d' || n)::uuid, '00000000-0000-0000-0000-000000000002', 'owner', 'd-' || n,
          '', 'openai', 'openai', 'https://api.openai.com/v1', 'm', false, 1, now(), now()
        from generate_series(1, 2000) n;

        insert into projects (
          id, owner_id, owner_handle, handle, description, version, created_at, updated_at)
        select md5('p' || n)::uuid, '00000000-0000-0000-0000-000000000002', 'owner', 'p-' || n,
          '', 1, now(), now()
        from generate_series(1, 2000) n;

        insert into user_keys (instance_id, user_id, api_key_sealed, set_at)
        select md5('i' || n)::uuid, md5('u' || n)::uuid,
          decode('010a0b0c0d' || repeat('00', 40), 'hex'), now()
        from generate_series(1, 2000) n;

        insert into default_services (user_id, instance_id, owner_handle, instance_handle)
        select md5('u' || n)::uuid, md5('i' || n)::uuid, 'owner',
          'i-' || lpad(n::text, 5, '0')
        from generate_series(1, 2000) n;

        insert into instances (
          id, owner_id, owner_handle, handle, display_name, description, provider,
          api_standard, endpoint, model, timeout_ms, enabled, central_key, user_keys,
          fallback_to_central, version, created_at, updated_at)
        select md5('i' || n)::uuid, '00000000-0000-0000-0000-000000000002', 'owner',
          'i-' || lpad(n::text, 5, '0'), 'I', '', 'openai', 'openai',
          'https://api.openai.com/v1', 'm', 30000, true, true, false, false, 1, now(), now()
        from generate_series(0, 19999) n;

        insert into groups (
          id, handle, display_name, kind, version, created_at, updated_at)
        select md5('g' || n)::uuid, 'g-' || lpad(n::text, 5, '0'), 'G', 'local', 1, now(), now()
        from generate_series(0, 9999) n;

        insert into group_members (group_id, user_id, role, created_at)
        select md5('g' || n * 50)::uuid, '00000000-0000-0000-0000-000000000001', 'member', now()
        from generate_series(0, 199) n;

        insert into shares (
          instance_id, owner_handle, instance_handle, grantee_id, grantee_handle, role,
          may_reshare, version, created_at)
        select md5('i' || i)::uuid, 'owner', 'i-' || lpad(i::text, 5, '0'), md5('g' || g)::uuid,
          '@g-' || lpad(g::text, 5, '0'), 'reader', false, 1, now()
        from generate_series(0, 9999) g,
          lateral (
            select distinct (g * 7 + k * k) % 20000 as i
            from generate_series(1, case when g % 50 = 0 then 100 else 10 end) k) lent;
        """);
  }

  @Test
  void a_page_of_what_hundreds_of_groups_are_lent_costs_a_few_pages_for_each_group()
      throws SQLException {
    for (Optional<Instance.Ref> after :
        List.of(Optional.<Instance.Ref>empty(), Optional.of(Instance.Ref.of("owner/i-10000")))) {
      assertThat(
              OVERHEARD_PORTS
                  .instances()
                  .usableBy(MEMBER, MEMBER, ANY.slice(after, 51), Seeds.SEEDED_AT))
          .hasSize(51);

      QueryPlan plan = last("force_custom_plan");
      assertThat(plan.pagesTouched()).as(plan.text()).isLessThan(3_200);
      assertThat(plan.rowsSorted()).as(plan.text()).isLessThan(1_500);
    }
  }

  @Test
  void a_page_of_what_can_be_called_costs_the_same() throws SQLException {
    assertThat(
            OVERHEARD_PORTS.callContexts().usableBy(MEMBER, Optional.empty(), 51, Seeds.SEEDED_AT))
        .hasSize(51);

    QueryPlan plan = last("force_custom_plan");
    assertThat(plan.pagesTouched()).as(plan.text()).isLessThan(3_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void one_service_is_looked_up_once_for_all_groups(String mode) throws SQLException {
    assertThat(
            OVERHEARD_PORTS
                .instances()
                .find(Instance.Ref.of("owner/i-00001"), MEMBER, Seeds.SEEDED_AT))
        .isPresent();

    QueryPlan plan = last(mode);
    assertThat(plan.pagesTouched()).as(plan.text()).isLessThan(60);
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void what_a_call_depends_on_is_looked_up_once_for_all_groups(String mode) throws SQLException {
    TokenHash hash =
        PORTS
            .sql()
            .sql("select sha256('member')")
            .query((rs, n) -> new TokenHash(rs.getBytes(1)))
            .single();
    assertThat(
            OVERHEARD_PORTS
                .callContexts()
                .gather(hash, Instance.Ref.of("owner/i-00001"), Seeds.SEEDED_AT)
                .flatMap(context -> context.target()))
        .isPresent();

    QueryPlan plan = last(mode);
    assertThat(plan.pagesTouched()).as(plan.text()).isLessThan(60);
  }

  private static QueryPlan last(String mode) throws SQLException {
    return QueryPlan.of(PORTS.dataSource(), STATEMENTS.last(), mode);
  }
}
