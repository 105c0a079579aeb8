package io.claviger.persistence.budgets;

import io.claviger.persistence.Schema;
import io.claviger.testkit.postgres.PostgresForTests;
import io.claviger.testkit.postgres.TestDatabase;
import java.sql.SQLException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plays random histories against the ledger of budgets. */
final class BudgetSimulationTest {
  private static final Logger LOG = LoggerFactory.getLogger(BudgetSimulationTest.class);
  private static final int SIDE_BY_SIDE = 2_500;
  private static final int HISTORIES = Integer.getInteger("simulation.histories", 10_000);
  private static final long SEED = Long.getLong("simulation.seed", new Random().nextLong());

  @Test
  void no_history_breaks_the_promise_of_budgets() throws SQLException, InterruptedException {
    try (TestDatabase database =
        PostgresForTests.migrated("claviger", source -> new Schema(source).migrate())) {
      BudgetSimulation simulation =
          new BudgetSimulation(BudgetSimulation.oneConnectionOf(database.dataSource()));
      long began = System.nanoTime();
      Random seeds = new Random(SEED);
      for (int played = 0; played < HISTORIES; played += SIDE_BY_SIDE) {
        long seed = seeds.nextLong();
        try {
          simulation.play(Math.min(SIDE_BY_SIDE, HISTORIES - played), seed);
        } catch (AssertionError e) {
          throw new AssertionError("-Dsimulation.seed=" + SEED + ": " + e.getMessage(), e);
        }
      }
      LOG.info(
          "{} histories: {}; {} ms",
          HISTORIES,
          simulation,
          (System.nanoTime() - began) / 1_000_000);
    }
  }
}
