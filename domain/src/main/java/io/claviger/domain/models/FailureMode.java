package io.claviger.domain.models;

import io.claviger.domain.WireNamed;

/** What happens when a model's first target fails. */
public enum FailureMode implements WireNamed {
  /** The caller gets the failure. */
  NONE,
  /** If it is certain that the provider did not carry out the call, the next target is tried. */
  NEXT;

  public static FailureMode of(String name) {
    return WireNamed.of(values(), name, "on_failure");
  }
}
