package io.claviger.domain.models;

import io.claviger.domain.WireNamed;

/** The behaviour when the first target of a model fails. */
public enum FailureMode implements WireNamed {
  /** The caller gets the failure. */
  NONE,
  /** The next target is tried if it is certain that the provider did not carry out the call. */
  NEXT;

  public static FailureMode of(String name) {
    return WireNamed.of(values(), name, "on_failure");
  }
}
