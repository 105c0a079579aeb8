package io.claviger.domain.projects;

import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.instances.Instance;
import java.util.Optional;

/**
 * Checks whether a project may be bound to another instance. Vectors that the project's users have
 * stored can't be compared with vectors of other dimensions.
 */
public final class DimensionCheck {
  private DimensionCheck() {}

  /**
   * @param before the instance that is bound now; empty if no instance is bound
   * @param after the instance to which the project is to be bound
   */
  public static boolean keepsDimensions(Optional<Instance> before, Instance after) {
    return before.isEmpty() || dimensions(before.get()).equals(dimensions(after));
  }

  private static Optional<Dimensions> dimensions(Instance instance) {
    return instance.settings().fields().dimensions();
  }
}
