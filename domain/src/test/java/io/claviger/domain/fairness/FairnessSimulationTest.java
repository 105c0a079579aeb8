package io.claviger.domain.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * 200 borrowers on 8 nodes share 120,000 requests a minute. The build plays one history; {@code
 * -Dclaviger.fairness.seeds=20} plays more.
 */
final class FairnessSimulationTest {
  @Test
  void all_get_their_shares_in_any_ten_seconds_and_nothing_is_lost() {
    for (int seed = 1; seed <= Integer.getInteger("claviger.fairness.seeds", 1); seed++) {
      FairnessSimulation simulation = new FairnessSimulation(seed, 200, 8, 120_000);
      simulation.run(80_000, true);
      String figures = "seed " + seed + ": " + simulation.figures();
      System.out.println(figures);
      assertThat(simulation.worst).as(figures).isLessThanOrEqualTo(0.05);
      assertThat(simulation.leastUsed).as(figures).isGreaterThanOrEqualTo(0.97);
      assertThat(simulation.refused).as(figures).isLessThanOrEqualTo(simulation.calls / 1_000);
      assertThat(simulation.crashes).isPositive();
      assertThat(simulation.left).isPositive();
    }
  }
}
