package io.claviger.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.Ports;
import io.claviger.application.fakes.Seeds;
import io.claviger.application.transfers.port.MovedReferences;
import io.claviger.domain.accounts.UserId;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.projects.ProjectRef;
import io.claviger.domain.transfers.TransferItem;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans of queries by former references, of which there are 20,000. */
final class FormerReferencePlansTest {
  private static final UserId OWNER = new UserId(new UUID(0, 2));
  private static final UUID MOVED = new UUID(0, 3);
  private static final UUID PROJECT = new UUID(0, 4);
  private static final int FEW_PAGES = 40;

  private static final PostgresPorts PORTS = new PostgresPorts();
  private static final StatementRecorder STATEMENTS = new StatementRecorder(PORTS.dataSource());
  private static final PostgresPorts OVERHEARD = PORTS.through(STATEMENTS);
  private static final MovedReferences REFERENCES = OVERHEARD.movedReferences();

  @BeforeAll
  static void fill() throws SQLException {
    BulkFill.of(
        PORTS.dataSource(),
        """
        insert into users (
          id, handle, display_name, administrator, version, created_at, updated_at)
        values ('00000000-0000-0000-0000-000000000002', 'owner', 'O', false, 1, now(), now());

        insert into instances (
          id, owner_id, owner_handle, handle, display_name, description, provider,
          api_standard, endpoint, model, timeout_ms, enabled, central_key, user_keys,
          fallback_to_central, version, created_at, updated_at)
        select case n when 7 then '00000000-0000-0000-0000-000000000003' else md5('i' || n)::uuid end,
          '00000000-0000-0000-0000-000000000002', 'owner', 'i-' || n, 'I', '', 'openai', 'openai',
          'https://api.openai.com/v1', 'm', 30000, true, true, false, false, 1, now(), now()
        from generate_series(1, 10000) n;

        insert into projects (
          id, owner_id, owner_handle, handle, description, version, created_at, updated_at)
        select case n when 7 then '00000000-0000-0000-0000-000000000004' else md5('p' || n)::uuid end,
          '00000000-0000-0000-0000-000000000002', 'owner', 'p-' || n, '', 1, now(), now()
        from generate_series(1, 10000) n;

        insert into moved_references (kind, owner_handle, handle, service_id, until)
        select 'service', 'former-' || n % 100, 'was-' || handle, id, now() + interval '30 days'
        from (select *, substr(handle, 3)::int as n from instances) i;

        insert into moved_references (kind, owner_handle, handle, project_id, until)
        select 'project', 'former-' || n % 100, 'was-' || handle, id, now() + interval '30 days'
        from (select *, substr(handle, 3)::int as n from projects) p;
        """);
  }

  @AfterAll
  static void close() {
    PORTS.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void where_a_former_reference_leads_is_read_by_index(String mode) throws SQLException {
    assertThat(REFERENCES.serviceThatWas(InstanceRef.of("former-7/was-i-7")))
        .contains(InstanceRef.of("owner/i-7"));
    assertFewPages(mode);
    assertThat(REFERENCES.projectThatWas(ProjectRef.of("former-7/was-p-7")))
        .contains(ProjectRef.of("owner/p-7"));
    assertFewPages(mode);
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void a_service_and_a_project_are_found_by_former_references_by_index(String mode)
      throws SQLException {
    Ports ports = OVERHEARD;
    assertThat(ports.instances().find(InstanceRef.of("former-7/was-i-7"), OWNER, Seeds.SEEDED_AT))
        .isPresent();
    assertFewPages(mode);
    assertThat(ports.projects().find(ProjectRef.of("former-7/was-p-7"), OWNER)).isPresent();
    assertFewPages(mode);
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void the_former_references_of_a_thing_are_read_by_index(String mode) throws SQLException {
    assertThat(REFERENCES.of(TransferItem.Kind.SERVICE, MOVED)).hasSize(1);
    assertFewPages(mode);
    assertThat(REFERENCES.of(TransferItem.Kind.PROJECT, PROJECT)).hasSize(1);
    assertFewPages(mode);
  }

  @Test
  void those_whose_time_has_run_out_are_found_by_index() throws SQLException {
    REFERENCES.deleteOutdated(Instant.EPOCH);

    assertFewPages("force_custom_plan");
  }

  private static void assertFewPages(String mode) throws SQLException {
    QueryPlan plan = QueryPlan.of(PORTS.dataSource(), STATEMENTS.last(), mode);
    assertThat(plan.text()).doesNotContain("Seq Scan on moved_references");
    assertThat(plan.pagesTouched()).as(plan.text()).isLessThan(FEW_PAGES);
  }
}
