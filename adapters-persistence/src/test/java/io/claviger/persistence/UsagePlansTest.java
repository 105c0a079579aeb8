package io.claviger.persistence;

import static io.claviger.persistence.ManyRows.PORTS;
import static io.claviger.persistence.ManyRows.pagesTouched;
import static io.claviger.persistence.ManyRows.plan;
import static io.claviger.persistence.ManyRows.user;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.fakes.Ports;
import io.claviger.application.usage.port.UsageFilter;
import io.claviger.application.usage.port.UsagePosition;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.usage.CountedModel;
import io.claviger.domain.usage.PriceVersions;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Plans of queries for usage, on {@link ManyRows}. */
@Tag("thorough")
final class UsagePlansTest {
  private static final StatementRecorder STATEMENTS = new StatementRecorder(PORTS.dataSource());
  private static final Ports OVERHEARD_PORTS = PORTS.through(STATEMENTS);

  /** One who calls, one on whose service all call, one through whose project many do. */
  @ParameterizedTest
  @ValueSource(ints = {7, 500, 501})
  void usage_is_read_by_indexes_however_much_of_it_concerns_one_and_however_deep(int number)
      throws SQLException {
    for (LocalDate day : List.of(LocalDate.of(2026, 1, 1), LocalDate.of(2026, 2, 10))) {
      assertThat(
              OVERHEARD_PORTS
                  .usage()
                  .find(Optional.of(user(number)), UsageFilter.NONE, from(day), 51))
          .hasSize(51);

      // Whether the caller may see its name costs about 20 pages for each of the 51 rows. The first
      // time, a connection also reads hundreds of pages of the catalog to plan that function.
      String unused = lastPlan("force_custom_plan");
      String plan = lastPlan("force_custom_plan");
      assertThat(pagesTouched(plan)).as(plan).isLessThan(1_500);
    }
  }

  @Test
  void all_usage_is_read_by_index_however_deep() throws SQLException {
    for (LocalDate day : List.of(LocalDate.of(2026, 1, 1), LocalDate.of(2026, 4, 1))) {
      assertThat(OVERHEARD_PORTS.usage().find(Optional.empty(), UsageFilter.NONE, from(day), 51))
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

  /** The position before all rows of a day. */
  private static Optional<UsagePosition> from(LocalDate day) {
    UUID lowest = new UUID(0, 0);
    return Optional.of(
        new UsagePosition(
            day,
            lowest,
            lowest,
            lowest,
            KeySource.CENTRAL,
            CountedModel.UNKNOWN,
            PriceVersions.NONE));
  }

  private static String lastPlan(String mode) throws SQLException {
    return plan(STATEMENTS.last(), mode);
  }
}
