package io.claviger.application.shared;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a caller demands of the thing as it stands before they write (RFC 9110, 13.1).
 *
 * @param versions {@code If-Match} with entity tags: one of these must stand; empty when not
 *     demanded
 * @param mustExist {@code If-Match: *}
 * @param mustNotExist {@code If-None-Match: *}
 */
public record Precondition(Optional<Set<Long>> versions, boolean mustExist, boolean mustNotExist) {
  public static final Precondition NONE = new Precondition(Optional.empty(), false, false);

  /**
   * @param version what stands; empty when there is nothing
   */
  public boolean holds(OptionalLong version) {
    if (version.isEmpty()) {
      return versions.isEmpty() && !mustExist;
    }
    return !mustNotExist && (versions.isEmpty() || versions.get().contains(version.getAsLong()));
  }

  /**
   * @throws RefusedException when it does not hold
   */
  public void demand(OptionalLong version) {
    if (!holds(version)) {
      throw new RefusedException(new Refusal.PreconditionFailed());
    }
  }
}
