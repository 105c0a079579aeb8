package io.claviger.persistence;

import static io.claviger.persistence.ManyRows.PORTS;
import static io.claviger.persistence.ManyRows.pagesTouched;
import static io.claviger.persistence.ManyRows.plan;
import static io.claviger.persistence.ManyRows.token;
import static io.claviger.persistence.ManyRows.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.Ports;
import io.claviger.application.fakes.Seeds;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans of queries for projects, on {@link ManyRows}. */
@Tag("thorough")
final class ProjectPlansTest {
  private static final StatementRecorder STATEMENTS = new StatementRecorder(PORTS.dataSource());
  private static final Ports OVERHEARD_PORTS = PORTS.through(STATEMENTS);

  @Test
  void the_first_page_of_a_users_projects_is_read_by_indexes() throws SQLException {
    assertThat(OVERHEARD_PORTS.projects().list(user(500), user(500), Optional.empty(), 51))
        .hasSize(51);

    String plan = lastPlan("force_custom_plan");
    assertThat(pagesTouched(plan)).as("%s", plan).isLessThan(1_150);
  }

  @Test
  void a_page_deep_in_a_users_projects_costs_what_the_first_one_costs() throws SQLException {
    Optional<Project.Ref> deep = Optional.of(Project.Ref.of("user-0500/p-1500"));
    assertThat(OVERHEARD_PORTS.projects().list(user(500), user(500), deep, 51)).hasSize(51);

    assertThat(pagesTouched(lastPlan("force_custom_plan"))).isLessThan(1_150);
  }

  @Test
  void projects_one_is_a_member_of_are_read_by_index() throws SQLException {
    Optional<Project.Ref> deep = Optional.of(Project.Ref.of("user-0105/p-0003"));
    assertThat(OVERHEARD_PORTS.projects().list(user(50), user(50), deep, 51)).hasSize(51);

    String plan = lastPlan("force_custom_plan");
    assertThat(plan).contains("project_shares_of_grantee");
    assertThat(pagesTouched(plan)).isLessThan(1_150);
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void one_project_is_read_by_index(String mode) throws SQLException {
    assertThat(OVERHEARD_PORTS.projects().find(Project.Ref.of("user-0007/p-0007"), user(8)))
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
                .gather(token(8), Project.Ref.of("user-0007/p-0007"), Seeds.SEEDED_AT))
        .isPresent();

    assertThat(pagesTouched(lastPlan(mode))).isLessThan(60);
  }

  @ParameterizedTest
  @ValueSource(strings = {"force_custom_plan", "force_generic_plan"})
  void what_uses_an_instance_is_read_by_index(String mode) throws SQLException {
    Instance.Id instance =
        PORTS
            .instances()
            .find(Instance.Ref.of("user-0007/i-0007"), user(7), Seeds.SEEDED_AT)
            .orElseThrow()
            .instance()
            .id();
    assertThat(OVERHEARD_PORTS.projects().using(instance, user(7), false).count()).isEqualTo(1);

    assertThat(pagesTouched(lastPlan(mode))).isLessThan(60);
  }

  private static String lastPlan(String mode) throws SQLException {
    return plan(STATEMENTS.last(), mode);
  }
}
