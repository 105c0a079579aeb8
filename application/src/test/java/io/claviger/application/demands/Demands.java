package io.claviger.application.demands;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Groups of callers of one kind. */
public final class Demands {
  private Demands() {}

  /** Returns this many callers, each with the number of threads that is usual for the kind. */
  public static List<DemandingWorker> of(DemandKind kind, int callers, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<DemandingWorker> workers = new ArrayList<>();
    for (int caller = 0; caller < callers; caller++) {
      int threads =
          switch (kind) {
            case CHAT -> 1;
            case AGENTS -> 1 + random.nextInt(2);
            case EMBEDDINGS -> 2 + random.nextInt(5);
            case BATCHES -> 4 + random.nextInt(9);
          };
      for (int thread = 0; thread < threads; thread++) {
        workers.add(new DemandingWorker(kind, caller, workers.size(), random.nextLong()));
      }
    }
    return workers;
  }
}
