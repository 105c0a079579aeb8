package io.claviger.domain.projects;

import io.claviger.domain.definitions.Dimensions;
import java.util.Optional;

/**
 * Whether a project may change the instance it uses: stored vectors of other dimensions would no
 * longer compare.
 */
public final class Rebinding {
  private Rebinding() {}

  /**
   * @param before the dimensions of the instance bound now; the outer optional is empty when none
   *     is bound
   * @param after those of the instance to bind
   */
  public static boolean keepsDimensions(
      Optional<Optional<Dimensions>> before, Optional<Dimensions> after) {
    return before.isEmpty() || before.get().equals(after);
  }
}
