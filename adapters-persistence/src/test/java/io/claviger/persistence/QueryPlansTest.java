package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.definitions.Definitions.DefinitionFilter;
import io.claviger.application.fakes.Ports;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.application.instances.InstanceFilter;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.usage.UsageFilter;
import io.claviger.application.usage.UsagePosition;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.definitions.DefinitionRef;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.InstanceId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.usage.UsageModel;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Plans of the most frequent queries, for 1,000 users with 100 instances and 100 shares each, two
 * of whom have many more.
 */
final class QueryPlansTest {
  private static final InstanceFilter ANY =
      new InstanceFilter(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  private static final InstanceFilter EVERYTHING =
      new InstanceFilter(
          Optional.of(Provider.OPENAI),
          Optional.empty(),
          Optional.of(Role.READER),
          Optional.of(true),
          Optional.of("small"));

  private static final PostgresPorts PORTS = new PostgresPorts();
  private static final StatementRecorder STATEMENTS = new StatementRecorder(PORTS.dataSource());
  private static final Ports OVERHEARD_PORTS = PORTS.through(STATEMENTS);

  @BeforeAll
  static void fill() throws SQLException {
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

  @AfterAll
  static void close() {
    PORTS.close();
  }

  @Test
  void the_first_page_of_a_users_list_is_read_by_indexes() throws SQLException {
    assertThat(
            OVERHEARD_PORTS
                .instances()
                .usableBy(user(500), user(500), ANY, none(), 51, Seeds.SEEDED_AT))
        .hasSize(51);

    assertThat(pagesTouched(lastPlan("force_custom_plan"))).isLessThan(1_200);
  }

  @Test
  void a_page_deep_in_a_users_list_costs_what_the_first_one_costs() throws SQLException {
    Optional<InstanceRef> deep = Optional.of(InstanceRef.of("user-0500/i-1500"));
    assertThat(
            OVERHEARD_PORTS
                .instances()
                .usableBy(user(500), user(500), ANY, deep, 51, Seeds.SEEDED_AT))
        .hasSize(51);

    assertThat(pagesTouched(lastPlan("force_custom_plan"))).isLessThan(1_000);
  }

  @Test
  void a_filtered_list_is_read_by_indexes() throws SQLException {
    assertThat(
            OVERHEARD_PORTS
                .instances()
                .usableBy(user(501), user(501), EVERYTHING, none(), 51, Seeds.SEEDED_AT))
        .hasSize(51);

    assertThat(lastPlan("force_custom_plan")).contains("shares_of_grantee");
  }

  @Test
  void system_level_ones_are_read_by_index() throws SQLException {
    assertThat(OVERHEARD_PORTS.instances().systemLevel(user(1), ANY, none(), 51)).hasSize(51);

    assertThat(pagesTouched(lastPlan("force_custom_plan"))).isLessThan(500);
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void the_oldest_enabled_one_of_a_provider_is_read_by_its_index(String mode) throws SQLException {
    STATEMENTS.forget();
    assertThat(OVERHEARD_PORTS.instances().holdOldestEnabled(Provider.OPENAI, user(1))).isPresent();

    String plan = plan(STATEMENTS.first(), mode);
    assertThat(plan).contains("instances_oldest_enabled");
    assertThat(pagesTouched(plan)).isLessThan(50);
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void what_a_user_and_the_system_chose_is_read_by_indexes(String mode) throws SQLException {
    assertThat(OVERHEARD_PORTS.defaultServices().choicesFor(user(8), Seeds.SEEDED_AT).system())
        .isPresent();

    assertThat(pagesTouched(lastPlan(mode))).isLessThan(60);
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void the_first_page_of_the_catalogue_is_read_by_index(String mode) throws SQLException {
    assertThat(OVERHEARD_PORTS.modelConfigs().live(Optional.empty(), 51)).hasSize(51);

    String plan = lastPlan(mode);
    assertThat(plan).contains("model_configs_live");
    assertThat(pagesTouched(plan)).isLessThan(500);
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void a_page_deep_in_the_catalogue_costs_what_the_first_one_costs(String mode)
      throws SQLException {
    ModelConfig last = OVERHEARD_PORTS.modelConfigs().live(Optional.empty(), 9_000).get(8_999);
    Optional<TimeCursor> deep = Optional.of(new TimeCursor(last.createdAt(), last.id().value()));
    assertThat(OVERHEARD_PORTS.modelConfigs().live(deep, 51)).hasSize(51);

    assertThat(pagesTouched(lastPlan(mode))).isLessThan(500);
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void what_the_catalogue_runs_on_is_read_by_indexes_however_many_models_run_there(String mode)
      throws SQLException {
    assertThat(OVERHEARD_PORTS.modelConfigs().services(user(8))).isNotEmpty();

    String plan = lastPlan(mode);
    assertThat(pagesTouched(plan)).as(plan).isLessThan(1_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void one_service_as_it_would_be_called_is_read_by_indexes(String mode) throws SQLException {
    assertThat(
            OVERHEARD_PORTS
                .callContexts()
                .find(InstanceRef.of("user-0007/i-0007"), user(8), Seeds.SEEDED_AT))
        .isPresent();

    assertThat(pagesTouched(lastPlan(mode))).isLessThan(50);
  }

  @Test
  void all_services_as_they_would_be_called_are_read_by_indexes_however_deep() throws SQLException {
    for (Optional<InstanceRef> after :
        List.of(none(), Optional.of(InstanceRef.of("user-0500/i-1500")))) {
      assertThat(OVERHEARD_PORTS.callContexts().usableBy(user(500), after, 51, Seeds.SEEDED_AT))
          .hasSize(51);

      assertThat(pagesTouched(lastPlan("force_custom_plan"))).isLessThan(1_000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void one_instance_is_read_by_index(String mode) throws SQLException {
    assertThat(
            OVERHEARD_PORTS
                .instances()
                .find(InstanceRef.of("user-0007/i-0007"), user(8), Seeds.SEEDED_AT))
        .isPresent();

    assertThat(pagesTouched(lastPlan(mode))).isLessThan(50);
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void what_a_call_depends_on_is_read_by_indexes(String mode) throws SQLException {
    assertThat(
            OVERHEARD_PORTS
                .callContexts()
                .gather(token(7), InstanceRef.of("user-0007/i-0007"), Instant.now()))
        .isPresent();

    assertThat(pagesTouched(lastPlan(mode))).isLessThan(50);
  }

  @Test
  void visible_definitions_are_read_by_indexes() throws SQLException {
    DefinitionFilter any =
        new DefinitionFilter(Optional.empty(), Optional.empty(), Optional.empty());
    assertThat(OVERHEARD_PORTS.definitions().visibleTo(user(500), false, any, Optional.empty(), 51))
        .hasSize(51);

    assertThat(pagesTouched(lastPlan("force_custom_plan"))).isLessThan(1_000);
  }

  @Test
  void definitions_shared_by_name_are_read_by_indexes_however_deep() throws SQLException {
    DefinitionFilter any =
        new DefinitionFilter(Optional.empty(), Optional.empty(), Optional.empty());
    Optional<DefinitionRef> deep = Optional.of(DefinitionRef.of("user-0110/d-04"));
    assertThat(OVERHEARD_PORTS.definitions().visibleTo(user(50), false, any, deep, 51)).hasSize(51);

    String plan = lastPlan("force_custom_plan");
    assertThat(plan).contains("definition_shares_of_grantee");
    assertThat(pagesTouched(plan)).isLessThan(1_000);
  }

  @Test
  void the_first_page_of_a_users_projects_is_read_by_indexes() throws SQLException {
    assertThat(OVERHEARD_PORTS.projects().list(user(500), user(500), Optional.empty(), 51))
        .hasSize(51);

    String plan = lastPlan("force_custom_plan");
    assertThat(pagesTouched(plan)).as("%s", plan).isLessThan(1_000);
  }

  @Test
  void a_page_deep_in_a_users_projects_costs_what_the_first_one_costs() throws SQLException {
    Optional<ProjectRef> deep = Optional.of(ProjectRef.of("user-0500/p-1500"));
    assertThat(OVERHEARD_PORTS.projects().list(user(500), user(500), deep, 51)).hasSize(51);

    assertThat(pagesTouched(lastPlan("force_custom_plan"))).isLessThan(1_000);
  }

  @Test
  void projects_one_is_a_member_of_are_read_by_index() throws SQLException {
    Optional<ProjectRef> deep = Optional.of(ProjectRef.of("user-0105/p-0003"));
    assertThat(OVERHEARD_PORTS.projects().list(user(50), user(50), deep, 51)).hasSize(51);

    String plan = lastPlan("force_custom_plan");
    assertThat(plan).contains("project_shares_of_grantee");
    assertThat(pagesTouched(plan)).isLessThan(1_000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void one_project_is_read_by_index(String mode) throws SQLException {
    assertThat(OVERHEARD_PORTS.projects().find(ProjectRef.of("user-0007/p-0007"), user(8)))
        .isPresent();

    assertThat(pagesTouched(lastPlan(mode))).isLessThan(60);
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void what_a_call_through_a_project_depends_on_is_read_by_indexes(String mode)
      throws SQLException {
    assertThat(
            OVERHEARD_PORTS
                .callContexts()
                .gather(token(8), ProjectRef.of("user-0007/p-0007"), Seeds.SEEDED_AT))
        .isPresent();

    assertThat(pagesTouched(lastPlan(mode))).isLessThan(60);
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void what_uses_an_instance_is_read_by_index(String mode) throws SQLException {
    InstanceId instance =
        PORTS
            .instances()
            .find(InstanceRef.of("user-0007/i-0007"), user(7), Seeds.SEEDED_AT)
            .orElseThrow()
            .instance()
            .id();
    assertThat(OVERHEARD_PORTS.projects().using(instance, user(7), false).count()).isEqualTo(1);

    assertThat(pagesTouched(lastPlan(mode))).isLessThan(60);
  }

  /** One who calls, one on whose service all call, one through whose project many do. */
  @ParameterizedTest
  @ValueSource(ints = {7, 500, 501})
  void usage_is_read_by_indexes_however_much_of_it_concerns_one_and_however_deep(int number)
      throws SQLException {
    for (LocalDate day : List.of(LocalDate.of(2026, 1, 1), LocalDate.of(2026, 2, 10))) {
      Optional<UsagePosition> after =
          Optional.of(
              new UsagePosition(
                  day,
                  new UUID(0, 0),
                  new UUID(0, 0),
                  new UUID(0, 0),
                  KeySource.CENTRAL,
                  UsageModel.UNKNOWN));
      assertThat(
              OVERHEARD_PORTS.usage().find(Optional.of(user(number)), UsageFilter.NONE, after, 51))
          .hasSize(51);

      String plan = lastPlan("force_custom_plan");
      assertThat(pagesTouched(plan)).as(plan).isLessThan(1_000);
    }
  }

  @Test
  void all_usage_is_read_by_index_however_deep() throws SQLException {
    for (LocalDate day : List.of(LocalDate.of(2026, 1, 1), LocalDate.of(2026, 4, 1))) {
      Optional<UsagePosition> after =
          Optional.of(
              new UsagePosition(
                  day,
                  new UUID(0, 0),
                  new UUID(0, 0),
                  new UUID(0, 0),
                  KeySource.CENTRAL,
                  UsageModel.UNKNOWN));
      assertThat(OVERHEARD_PORTS.usage().find(Optional.empty(), UsageFilter.NONE, after, 51))
          .hasSize(51);

      String plan = lastPlan("force_custom_plan");
      assertThat(pagesTouched(plan)).as(plan).isLessThan(500);
    }
  }

  @Test
  void the_usage_of_some_days_is_read_by_index() throws SQLException {
    UsageFilter march =
        new UsageFilter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(LocalDate.of(2026, 3, 1)),
            Optional.of(LocalDate.of(2026, 3, 31)));
    assertThat(OVERHEARD_PORTS.usage().find(Optional.empty(), march, Optional.empty(), 51))
        .hasSize(51);

    String plan = lastPlan("force_custom_plan");
    assertThat(pagesTouched(plan)).as(plan).isLessThan(500);
  }

  @Test
  void what_changed_lately_is_read_by_index_however_much_changed_before() throws SQLException {
    for (String statement :
        List.of(
            "delete from changes",
            """
            insert into changes (point, subject)
            select n, md5('c' || n)::uuid from generate_series(1, 100000) n
            """,
            "update change_counter set point = 100000",
            "analyze changes")) {
      int unused = PORTS.sql().sql(statement).update();
    }
    int renamed =
        PORTS.sql().sql("update users set version = 2 where handle = 'user-0007'").update();
    assertThat(OVERHEARD_PORTS.changes().since(OptionalLong.of(100_000)))
        .isEqualTo(new ChangeFeed.Since(100_000 + renamed, Set.of(user(7).value()), false));

    String plan = lastPlan("force_custom_plan");
    assertThat(plan).contains("changes_pkey").doesNotContain("Seq Scan on changes");
    assertThat(pagesTouched(plan)).as(plan).isLessThan(50);
  }

  @Test
  void lists_are_planned_for_the_values_of_each_call() throws SQLException {
    try (Connection only = PORTS.dataSource().getConnection()) {
      Ports ports = PORTS.through(new SingleConnectionDataSource(only, true));
      DefinitionFilter any =
          new DefinitionFilter(Optional.empty(), Optional.empty(), Optional.empty());
      UserId reader = user(500);
      for (int i = 0; i < 12; i++) {
        assertThat(ports.instances().usableBy(reader, reader, ANY, none(), 5, Seeds.SEEDED_AT))
            .hasSize(5);
        assertThat(ports.instances().systemLevel(reader, ANY, none(), 5)).hasSize(5);
        assertThat(ports.definitions().visibleTo(reader, false, any, Optional.empty(), 5))
            .hasSize(5);
        assertThat(ports.definitions().visibleTo(reader, true, any, Optional.empty(), 5))
            .hasSize(5);
        assertThat(ports.projects().list(reader, reader, Optional.empty(), 5)).hasSize(5);
        assertThat(ports.callContexts().usableBy(reader, none(), 5, Seeds.SEEDED_AT)).hasSize(5);
        assertThat(ports.usage().find(Optional.of(reader), UsageFilter.NONE, Optional.empty(), 5))
            .hasSize(5);
        assertThat(ports.usage().find(Optional.empty(), UsageFilter.NONE, Optional.empty(), 5))
            .hasSize(5);
        assertThat(
                ports.instances().find(InstanceRef.of("user-0007/i-0007"), reader, Seeds.SEEDED_AT))
            .isPresent();
      }

      assertThat(prepared(only))
          .as("prepared are those that find one row only")
          .isNotEmpty()
          .noneMatch(statement -> statement.contains("limit $"));
    }
  }

  private static List<String> prepared(Connection connection) {
    return JdbcClient.create(new SingleConnectionDataSource(connection, true))
        .sql("select statement from pg_prepared_statements")
        .query((rs, n) -> rs.getString(1))
        .list();
  }

  private static String lastPlan(String mode) throws SQLException {
    return plan(STATEMENTS.last(), mode);
  }

  private static String plan(StatementRecorder.RecordedStatement statement, String mode)
      throws SQLException {
    return QueryPlan.of(PORTS.dataSource(), statement, mode).text();
  }

  private static int pagesTouched(String plan) {
    return new QueryPlan(plan).pagesTouched();
  }

  private static TokenHash token(int number) {
    return PORTS
        .sql()
        .sql("select sha256(cast(:handle as bytea))")
        .param("handle", "user-%04d".formatted(number))
        .query((rs, n) -> new TokenHash(rs.getBytes(1)))
        .single();
  }

  private static UserId user(int number) {
    UUID id =
        PORTS.users().find(new Handle("user-%04d".formatted(number))).orElseThrow().id().value();
    return new UserId(id);
  }

  private static Optional<InstanceRef> none() {
    return Optional.empty();
  }
}
