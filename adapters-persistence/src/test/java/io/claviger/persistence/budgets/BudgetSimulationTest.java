package io.claviger.persistence.budgets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.claviger.persistence.Schema;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.sql.SQLException;
import java.util.Random;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays random histories against the ledger of budgets. More of them are played with {@code mvn
 * verify -pl adapters-persistence -am -Dtest=BudgetSimulationTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dsimulation.histories=1000000}. A failure names the
 * {@code -Dsimulation.seed} that repeats it.
 */
final class BudgetSimulationTest {
  private static final Logger LOG = LoggerFactory.getLogger(BudgetSimulationTest.class);
  private static final int SIDE_BY_SIDE = 2_500;
  private static final int HISTORIES = Integer.getInteger("simulation.histories", 10_000);
  private static final long SEED = Long.getLong("simulation.seed", new Random().nextLong());

  /** So many histories are enough to notice each of the mistakes. */
  private static final int FEW = 400;

  @Test
  void no_history_breaks_the_promise_of_budgets() throws SQLException, InterruptedException {
    try (TestDatabase database = database()) {
      BudgetSimulation simulation = simulation(database);
      Random seeds = new Random(SEED);
      for (int played = 0; played < HISTORIES; played += SIDE_BY_SIDE) {
        long seed = seeds.nextLong();
        try {
          simulation.play(Math.min(SIDE_BY_SIDE, HISTORIES - played), seed);
        } catch (AssertionError e) {
          throw new AssertionError("-Dsimulation.seed=" + SEED + ": " + e.getMessage(), e);
        }
      }
      LOG.info("{} histories with seed {}: {}", HISTORIES, SEED, simulation);
    }
  }

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
        new BrokenFunction("release_lost_leases", "and l.sequence < before", ""),
        new BrokenFunction("write_off_silent_node", "w.settled + moved", "w.settled"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void a_mistake_in_the_ledger_is_noticed(BrokenFunction mistake) throws SQLException {
    try (TestDatabase database = database()) {
      DataSource source = database.dataSource();
      mistake.install(source);
      BudgetSimulation simulation = simulation(database);

      assertThat(catchThrowable(() -> simulation.play(FEW, 1))).isNotNull();
    }
  }

  private static TestDatabase database() {
    return PostgresForTests.migrated("claviger", source -> new Schema(source).migrate());
  }

  private static BudgetSimulation simulation(TestDatabase database) throws SQLException {
    return new BudgetSimulation(BudgetSimulation.oneConnectionOf(database.dataSource()));
  }
}
