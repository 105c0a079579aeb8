package io.claviger.persistence;

import static io.claviger.persistence.ManyRows.PORTS;
import static io.claviger.persistence.ManyRows.pagesTouched;
import static io.claviger.persistence.ManyRows.plan;
import static io.claviger.persistence.ManyRows.token;
import static io.claviger.persistence.ManyRows.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.definitions.port.DefinitionStore.DefinitionFilter;
import io.claviger.application.fakes.Ports;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.gateway.port.ChangeFeed;
import io.claviger.application.instances.port.InstanceFilter;
import io.claviger.application.objects.port.ObjectLedger;
import io.claviger.application.objects.port.ObjectLedger.Wanted;
import io.claviger.application.shared.SearchText;
import io.claviger.application.shared.TimeCursor;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.models.ModelConfig;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.sharing.Role;
import io.claviger.persistence.budgets.JdbcChargeHistory;
import io.claviger.persistence.objects.JdbcObjectLedger;
import io.claviger.persistence.objects.JdbcObjectRemovals;
import io.claviger.persistence.shared.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Plans of the most frequent queries, on {@link ManyRows}. */
@Tag("thorough")
final class QueryPlansTest {
  private static final StatementRecorder STATEMENTS = new StatementRecorder(PORTS.dataSource());
  private static final Ports OVERHEARD_PORTS = PORTS.through(STATEMENTS);

  private static final InstanceFilter ANY =
      new InstanceFilter(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  private static final InstanceFilter EVERYTHING =
      new InstanceFilter(
          Optional.of(Provider.OPENAI),
          Optional.empty(),
          Optional.of(Role.READER),
          Optional.of(true),
          Optional.of(new SearchText("small")));

  @Test
  void the_first_page_of_a_users_list_is_read_by_indexes() throws SQLException {
    assertThat(
            OVERHEARD_PORTS
                .instances()
                .usableBy(user(500), user(500), ANY.slice(none(), 51), Seeds.SEEDED_AT))
        .hasSize(51);

    assertThat(pagesTouched(lastPlan("force_custom_plan"))).isLessThan(1_200);
  }

  @Test
  void a_page_deep_in_a_users_list_costs_what_the_first_one_costs() throws SQLException {
    Optional<Instance.Ref> deep = Optional.of(Instance.Ref.of("user-0500/i-1500"));
    assertThat(
            OVERHEARD_PORTS
                .instances()
                .usableBy(user(500), user(500), ANY.slice(deep, 51), Seeds.SEEDED_AT))
        .hasSize(51);

    assertThat(pagesTouched(lastPlan("force_custom_plan"))).isLessThan(1_000);
  }

  @Test
  void a_filtered_list_is_read_by_indexes() throws SQLException {
    assertThat(
            OVERHEARD_PORTS
                .instances()
                .usableBy(user(501), user(501), EVERYTHING.slice(none(), 51), Seeds.SEEDED_AT))
        .hasSize(51);

    assertThat(lastPlan("force_custom_plan")).contains("shares_of_grantee");
  }

  @Test
  void system_level_ones_are_read_by_index() throws SQLException {
    assertThat(
            OVERHEARD_PORTS
                .instances()
                .systemLevel(user(1), false, ANY.slice(none(), 51), Seeds.SEEDED_AT))
        .hasSize(51);

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
    assertThat(OVERHEARD_PORTS.modelConfigs().services(user(8), Seeds.SEEDED_AT)).isNotEmpty();

    // 100 system-level services may serve the models that are not bound.
    String plan = lastPlan(mode);
    assertThat(pagesTouched(plan)).as(plan).isLessThan(2_000);
  }

  /** Each deletion of a service looks for its models. */
  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void the_models_of_a_service_are_read_by_indexes(String mode) throws SQLException {
    assertThat(OVERHEARD_PORTS.modelConfigs().servedBy(new Instance.Id(UUID.randomUUID())))
        .isEmpty();

    assertThat(pagesTouched(lastPlan(mode))).isLessThan(50);
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void one_service_as_it_would_be_called_is_read_by_indexes(String mode) throws SQLException {
    assertThat(
            OVERHEARD_PORTS
                .callContexts()
                .find(Instance.Ref.of("user-0007/i-0007"), user(8), Seeds.SEEDED_AT))
        .isPresent();

    assertThat(pagesTouched(lastPlan(mode))).isLessThan(50);
  }

  @Test
  void all_services_as_they_would_be_called_are_read_by_indexes_however_deep() throws SQLException {
    for (Optional<Instance.Ref> after :
        List.of(none(), Optional.of(Instance.Ref.of("user-0500/i-1500")))) {
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
                .find(Instance.Ref.of("user-0007/i-0007"), user(8), Seeds.SEEDED_AT))
        .isPresent();

    assertThat(pagesTouched(lastPlan(mode))).isLessThan(50);
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void what_a_call_depends_on_is_read_by_indexes(String mode) throws SQLException {
    assertThat(
            OVERHEARD_PORTS
                .callContexts()
                .gather(token(7), Instance.Ref.of("user-0007/i-0007"), Instant.now()))
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
    Optional<Definition.Ref> deep = Optional.of(Definition.Ref.of("user-0110/d-04"));
    assertThat(OVERHEARD_PORTS.definitions().visibleTo(user(50), false, any, deep, 51)).hasSize(51);

    String plan = lastPlan("force_custom_plan");
    assertThat(plan).contains("definition_shares_of_grantee");
    assertThat(pagesTouched(plan)).isLessThan(1_000);
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

  /** Each node looks for them once a minute. */
  @Test
  void objects_that_end_with_a_share_are_not_looked_for_at_all_services() throws SQLException {
    STATEMENTS.forget();
    assertThat(new JdbcObjectRemovals(new Database(STATEMENTS)).sweep()).isZero();

    for (StatementRecorder.RecordedStatement statement : STATEMENTS.all()) {
      String plan = plan(statement, "force_generic_plan");
      assertThat(pagesTouched(plan)).as(plan).isLessThan(500);
    }
  }

  /** Callers choose the cursor, so it need not be the id of any object. */
  @Test
  void a_cursor_is_looked_for_by_its_id_however_much_its_holder_has() throws SQLException {
    Instance.Id service =
        PORTS
            .instances()
            .find(Instance.Ref.of("user-0007/i-0007"), user(7), Seeds.SEEDED_AT)
            .orElseThrow()
            .instance()
            .id();
    BulkFill.of(
        PORTS.dataSource(),
        """
        insert into provider_objects (
          service_id, kind, object_id, holder_user_id, maker_id, made_with, state, ended_at)
        select '%1$s', 'responses', 'resp_' || n, '%2$s', '%2$s', '{}',
          case when n <= 60000 then 'live' else 'deleted' end,
          case when n > 60000 then now() end
        from generate_series(1, 100000) n;
        """
            .formatted(service.value(), user(7).value()));
    Wanted responses =
        new Wanted(
            Set.of(service),
            ObjectHolder.user(user(7).value()),
            Optional.empty(),
            ObjectKind.RESPONSES,
            Set.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    ObjectLedger ledger =
        new JdbcObjectLedger(new Database(STATEMENTS), UUID::randomUUID, InstantSource.system());

    for (String cursor : List.of("resp_none", "resp_70000", "resp_50000")) {
      STATEMENTS.forget();
      assertThat(ledger.list(responses, Optional.of(cursor), true, 20, Instant.now()).isPresent())
          .isEqualTo(!cursor.equals("resp_none"));

      String plan = plan(STATEMENTS.all().getFirst(), "force_custom_plan");
      assertThat(pagesTouched(plan)).as(plan).isLessThan(50);
    }
  }

  @Test
  void lists_are_planned_for_the_values_of_each_call() throws SQLException {
    try (Connection only = PORTS.dataSource().getConnection()) {
      Ports ports = PORTS.through(new SingleConnectionDataSource(only, true));
      DefinitionFilter any =
          new DefinitionFilter(Optional.empty(), Optional.empty(), Optional.empty());
      User.Id reader = user(500);
      for (int i = 0; i < 12; i++) {
        assertThat(
                ports.instances().usableBy(reader, reader, ANY.slice(none(), 5), Seeds.SEEDED_AT))
            .hasSize(5);
        assertThat(
                ports.instances().systemLevel(reader, false, ANY.slice(none(), 5), Seeds.SEEDED_AT))
            .hasSize(5);
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
                ports
                    .instances()
                    .find(Instance.Ref.of("user-0007/i-0007"), reader, Seeds.SEEDED_AT))
            .isPresent();
      }

      assertThat(prepared(only))
          .as("prepared are those that find one row only")
          .isNotEmpty()
          .noneMatch(statement -> statement.contains("limit $"));
    }
  }

  @Test
  void earlier_calls_of_a_service_are_read_by_indexes_however_much_was_called_elsewhere()
      throws SQLException {
    JdbcChargeHistory history = new JdbcChargeHistory(new Database(STATEMENTS));
    Instant since = Instant.parse("2026-01-10T00:00:00Z");
    assertThat(history.of(new Instance.Id(UUID.randomUUID()), Optional.empty(), since, 100))
        .isEmpty();
    String ofNothing = lastPlan("force_custom_plan");
    assertThat(pagesTouched(ofNothing)).as(ofNothing).isLessThan(50);

    Instance.Id called =
        OVERHEARD_PORTS
            .instances()
            .find(Instance.Ref.of("user-0500/i-0001"), user(500), Seeds.SEEDED_AT)
            .orElseThrow()
            .instance()
            .id();
    for (int n = 1; n <= 10; n++) {
      int unused =
          PORTS
              .sql()
              .sql(
                  """
                  insert into usage_charges
                  select 'service:' || :service || ':' || :user, timestamptz '2026-01-11Z' + day * interval '1 day', 1, 1, 1
                  from generate_series(0, 9) day
                  """)
              .param("service", called.value().toString())
              .param("user", user(n).value().toString())
              .update();
    }
    assertThat(history.of(called, Optional.empty(), since, 100)).hasSize(10);
    String ofTen = lastPlan("force_custom_plan");
    assertThat(pagesTouched(ofTen)).as(ofTen).isLessThan(1_000);
  }

  private static List<String> prepared(Connection connection) {
    return JdbcClient.create(new SingleConnectionDataSource(connection, true))
        .sql("select statement from pg_prepared_statements")
        .query((rs, n) -> rs.getString(1))
        .list();
  }

  private static Optional<Instance.Ref> none() {
    return Optional.empty();
  }

  private static String lastPlan(String mode) throws SQLException {
    return plan(STATEMENTS.last(), mode);
  }
}
