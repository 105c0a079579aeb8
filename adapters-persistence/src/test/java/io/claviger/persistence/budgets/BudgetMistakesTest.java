package io.claviger.persistence.budgets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.claviger.testkit.postgres.TestDatabase;
import java.sql.SQLException;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The random histories of {@link BudgetSimulationTest} notice mistakes in the ledger. */
@Order(1)
@Tag("thorough")
final class BudgetMistakesTest {
  /** So many histories are enough to notice most of the mistakes. Their clock is the same. */
  private static final int FEW = 25;

  /**
   * The rarest mistake is noticed in about one of six plays. So the chance that no play notices it
   * is less than one in ten million.
   */
  private static final int MOST_PLAYS = 100;

  static Stream<BrokenFunction> mistakes() {
    return Stream.of(
        new BrokenFunction(
            "exchange_budgets", "when now_left >= one.needed then", "when true then"),
        new BrokenFunction(
            "exchange_budgets", "w.settled - l.written_off + greatest", "w.settled + greatest"),
        new BrokenFunction("exchange_budgets", "l.sequence < one.sequence", "true"),
        new BrokenFunction(
            "exchange_budgets", "greatest(least(one.spent, most) - l.spent, 0)", "one.spent"),
        new BrokenFunction(
            "exchange_budgets",
            "least(one.held, l.granted + l.written_off)",
            "least(one.held, l.granted)"),
        new BrokenFunction(
            "exchange_budgets",
            "now_left := total - least(w.settled, most - w.reserved) - w.reserved",
            "now_left := total - least(w.settled, most - w.reserved) - w.reserved - 1"),
        new BrokenFunction(
            "exchange_budgets", "w.reserved := w.reserved + allotted", "w.reserved := w.reserved"),
        new BrokenFunction(
            "exchange_budgets", "w.reserved - l.granted + kept", "w.reserved + kept"),
        new BrokenFunction(
            "exchange_budgets",
            "r.account_id = one.account and r.until > now_exactly",
            "r.account_id = one.account"),
        new BrokenFunction(
            "exchange_budgets",
            "most - w.reserved) - w.reserved;\n      if",
            "most - w.reserved);\n      if"),
        new BrokenFunction(
            "write_off_silent_node",
            "granted = 0, written_off = moved",
            "granted = 0, written_off = 0"),
        new BrokenFunction("release_lost_leases", "and l.sequence < before", ""),
        new BrokenFunction("write_off_silent_node", "w.settled + moved", "w.settled"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void a_mistake_in_the_ledger_is_noticed(BrokenFunction mistake) throws SQLException {
    try (TestDatabase database = Histories.database()) {
      DataSource source = database.dataSource();
      mistake.install(source);
      BudgetSimulation simulation = Histories.simulation(database);

      assertThat(
              catchThrowable(
                  () -> {
                    for (int seed = 1; seed <= MOST_PLAYS; seed++) {
                      simulation.play(FEW, seed);
                    }
                  }))
          .isNotNull();
    }
  }
}
