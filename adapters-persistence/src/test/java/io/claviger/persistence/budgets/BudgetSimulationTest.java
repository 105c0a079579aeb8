package io.claviger.persistence.budgets;

import io.claviger.testkit.postgres.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays random histories against the ledger of budgets. More of them are played with {@code mvn
 * verify -pl adapters-persistence -am -Dtest=BudgetSimulationTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dsimulation.histories=1000000}. A failure names the
 * {@code -Dsimulation.seed} that repeats it.
 */
@Order(1)
final class BudgetSimulationTest {
  private static final Logger LOG = LoggerFactory.getLogger(BudgetSimulationTest.class);

  /** Histories that are played side by side have the same clock, so they are not too many. */
  private static final int SIDE_BY_SIDE = 50;

  /** How many histories are played in one database. */
  private static final int IN_A_DATABASE = 2_500;

  /** How many databases are used at a time. */
  private static final int PLAYERS = 4;

  private static final int HISTORIES = Integer.getInteger("simulation.histories", 10_000);
  private static final long SEED = Long.getLong("simulation.seed", new Random().nextLong());

  @Test
  void no_history_breaks_the_promise_of_budgets() throws InterruptedException {
    Random seeds = new Random(SEED);
    List<Callable<String>> batches = new ArrayList<>();
    for (int played = 0; played < HISTORIES; played += IN_A_DATABASE) {
      int histories = Math.min(IN_A_DATABASE, HISTORIES - played);
      long seed = seeds.nextLong();
      batches.add(() -> played(histories, seed));
    }
    try (ExecutorService players = Executors.newFixedThreadPool(PLAYERS)) {
      for (Future<String> batch : players.invokeAll(batches)) {
        LOG.info("with seed {}: {}", SEED, batch.get());
      }
    } catch (ExecutionException e) {
      throw new AssertionError("-Dsimulation.seed=" + SEED + ": " + e.getCause().getMessage(), e);
    }
  }

  private static String played(int histories, long seed) throws SQLException, InterruptedException {
    try (TestDatabase database = Histories.database()) {
      BudgetSimulation simulation = Histories.simulation(database);
      Random seeds = new Random(seed);
      for (int played = 0; played < histories; played += SIDE_BY_SIDE) {
        simulation.play(Math.min(SIDE_BY_SIDE, histories - played), seeds.nextLong());
      }
      return simulation.toString();
    }
  }
}
