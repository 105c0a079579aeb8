package io.claviger.domain.fairness;

import org.junit.jupiter.api.Test;

final class FairnessSimulationTest {
  @Test
  void shares() {
    for (int seed = 0; seed < 3; seed++) {
      long t = System.nanoTime();
      FairnessSimulation simulation = new FairnessSimulation(seed, 200, 8, 120_000);
      simulation.run(120_000, seed > 0);
      System.out.println(simulation.figures() + " in ms " + (System.nanoTime() - t) / 1_000_000);
    }
  }
}
