package io.claviger.persistence;

import static io.claviger.persistence.ManyRows.PORTS;
import static io.claviger.persistence.ManyRows.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.Seeds;
import io.claviger.application.transfers.port.MovedReferences;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import io.claviger.domain.transfers.TransferItem;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans of queries for 20,000 former references, on {@link ManyRows}. */
@Tag("thorough")
final class FormerReferencePlansTest {
  private static final Instance.Ref FORMER_SERVICE = Instance.Ref.of("former-7/was-7");
  private static final Project.Ref FORMER_PROJECT = Project.Ref.of("former-7/was-7");
  private static final int FEW_PAGES = 60;

  private static final StatementRecorder STATEMENTS = new StatementRecorder(PORTS.dataSource());
  private static final PostgresPorts OVERHEARD_PORTS = PORTS.through(STATEMENTS);
  private static final MovedReferences REFERENCES = OVERHEARD_PORTS.movedReferences();

  @BeforeAll
  static void fill() {
    int inserted =
        PORTS
            .sql()
            .sql(
                """
                insert into moved_references (
                  kind, owner_handle, handle, service_id, project_id, until)
                select 'service', 'former-' || n % 100, 'was-' || n, id, null,
                  now() + interval '30 days'
                from (select id, row_number() over (order by id) as n from instances) i
                where n <= 10000
                union all
                select 'project', 'former-' || n % 100, 'was-' || n, null, id,
                  now() + interval '30 days'
                from (select id, row_number() over (order by id) as n from projects) p
                where n <= 10000
                """)
            .update();
    assertThat(inserted).isEqualTo(20_000);
    int unused = PORTS.sql().sql("analyze moved_references").update();
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void where_a_former_reference_leads_is_read_by_index(String mode) throws SQLException {
    assertThat(REFERENCES.serviceThatWas(FORMER_SERVICE)).isPresent();
    assertFewPages(mode);
    assertThat(REFERENCES.projectThatWas(FORMER_PROJECT)).isPresent();
    assertFewPages(mode);
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void a_service_and_a_project_are_found_by_former_references_by_index(String mode)
      throws SQLException {
    User.Id viewer = user(500);
    assertThat(OVERHEARD_PORTS.instances().find(FORMER_SERVICE, viewer, Seeds.SEEDED_AT))
        .isPresent();
    assertFewPages(mode);
    assertThat(OVERHEARD_PORTS.projects().find(FORMER_PROJECT, viewer)).isPresent();
    assertFewPages(mode);
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void the_former_references_of_a_thing_are_read_by_index(String mode) throws SQLException {
    assertThat(REFERENCES.of(TransferItem.Kind.SERVICE, moved("service_id"))).hasSize(1);
    assertFewPages(mode);
    assertThat(REFERENCES.of(TransferItem.Kind.PROJECT, moved("project_id"))).hasSize(1);
    assertFewPages(mode);
  }

  @Test
  void those_whose_time_has_run_out_are_found_by_index() throws SQLException {
    REFERENCES.deleteOutdated();

    assertFewPages("force_custom_plan");
  }

  private static UUID moved(String column) {
    return PORTS
        .sql()
        .sql(
            "select "
                + column
                + " from moved_references where handle = 'was-7' and "
                + column
                + " is not null")
        .query(UUID.class)
        .single();
  }

  private static void assertFewPages(String mode) throws SQLException {
    QueryPlan plan = QueryPlan.of(PORTS.dataSource(), STATEMENTS.last(), mode);
    assertThat(plan.text()).doesNotContain("Seq Scan on moved_references");
    assertThat(plan.pagesTouched()).as(plan.text()).isLessThan(FEW_PAGES);
  }
}
