package io.claviger.domain.projects;

import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.instances.Instance;
import java.util.Optional;

/**
 * Whether a project may change the instance it uses: stored vectors of other dimensions would no
 * longer compare.
 */
public final class DimensionCheck {
  private DimensionCheck() {}

  /**
   * @param before the instance bound now; empty when none is bound
   * @param after the instance to bind
   */
  public static boolean keepsDimensions(Optional<Instance> before, Instance after) {
    return before.isEmpty() || dimensions(before.get()).equals(dimensions(after));
  }

  private static Optional<Dimensions> dimensions(Instance instance) {
    return instance.settings().fields().dimensions();
  }
}
