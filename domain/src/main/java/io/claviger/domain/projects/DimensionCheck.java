package io.claviger.domain.projects;

import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.instances.Instance;
import java.util.Optional;

/**
 * Checks whether a project may be bound to another instance. Stored vectors of the project's users
 * can't be compared with vectors that have a different number of dimensions.
 */
public final class DimensionCheck {
  private DimensionCheck() {}

  /**
   * @param before the instance to which the project is bound now; empty if it is not bound
   * @param after the instance to which the project is to be bound
   */
  public static boolean keepsDimensions(Optional<Instance> before, Instance after) {
    return before.isEmpty() || dimensions(before.get()).equals(dimensions(after));
  }

  private static Optional<Dimensions> dimensions(Instance instance) {
    return instance.settings().fields().dimensions();
  }
}
