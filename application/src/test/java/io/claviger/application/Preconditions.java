package io.claviger.application;

import io.claviger.application.shared.Precondition;
import java.util.Optional;
import java.util.Set;

/** Preconditions of writes. */
public final class Preconditions {
  /** {@code If-None-Match: *}. */
  public static final Precondition CREATE_ONLY = new Precondition(Optional.empty(), false, true);

  /** {@code If-Match: *}. */
  public static final Precondition CHANGE_ONLY = new Precondition(Optional.empty(), true, false);

  private Preconditions() {}

  /** {@code If-Match: "…"}. */
  public static Precondition version(long version) {
    return new Precondition(Optional.of(Set.of(version)), false, false);
  }
}
