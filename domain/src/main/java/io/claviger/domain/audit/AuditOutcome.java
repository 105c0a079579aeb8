package io.claviger.domain.audit;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;

/** The outcome of an attempt. */
public enum AuditOutcome implements WireNamed {
  DONE,
  REFUSED,
  /** The attempt failed because of an unexpected error. Nothing was changed. */
  FAILED;

  /**
   * Finds the outcome with the given name.
   *
   * @throws InvalidValue when no outcome has the given name
   */
  public static AuditOutcome of(String wireName) {
    return WireNamed.of(values(), wireName, "outcome");
  }
}
