package io.claviger.application.shared;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * A condition that the present version of a resource must meet before the resource is written (RFC
 * 9110, section 13.1).
 *
 * @param versions the versions in {@code If-Match}, of which one must be the current version; empty
 *     if the request lacks this header
 * @param mustExist whether the request has {@code If-Match: *}
 * @param mustNotExist whether the request has {@code If-None-Match: *}
 */
public record Precondition(Optional<Set<Long>> versions, boolean mustExist, boolean mustNotExist) {
  /** The write is made whether or not the resource exists. */
  public static final Precondition NONE = new Precondition(Optional.empty(), false, false);

  /** The write is made only if the resource does not exist yet. */
  public static final Precondition CREATE_ONLY = new Precondition(Optional.empty(), false, true);

  /** The write is made only if the resource exists. */
  public static final Precondition CHANGE_ONLY = new Precondition(Optional.empty(), true, false);

  public Precondition {
    versions = versions.map(Set::copyOf);
  }

  /** Returns the condition that the resource still has the version that the caller has read. */
  public static Precondition version(long read) {
    return new Precondition(Optional.of(Set.of(read)), false, false);
  }

  /**
   * @param version the current version; empty if the resource does not exist
   */
  public boolean holds(OptionalLong version) {
    if (version.isEmpty()) {
      return versions.isEmpty() && !mustExist;
    }
    return !mustNotExist && (versions.isEmpty() || versions.get().contains(version.getAsLong()));
  }

  /**
   * Demands the condition for a resource that exists.
   *
   * @throws RefusedException if the condition is not met
   */
  public void demand(long version) {
    demand(OptionalLong.of(version));
  }

  /**
   * Demands the condition for a resource that might not exist.
   *
   * @param version the function that returns the resource's version
   * @throws RefusedException if the condition is not met
   */
  public <T> void demand(Optional<T> resource, ToLongFunction<? super T> version) {
    demand(resource.stream().mapToLong(version).findFirst());
  }

  private void demand(OptionalLong version) {
    if (!holds(version)) {
      throw new RefusedException(new Refusal.PreconditionFailed());
    }
  }
}
