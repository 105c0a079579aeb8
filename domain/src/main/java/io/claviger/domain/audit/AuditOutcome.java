package io.claviger.domain.audit;

import io.claviger.domain.InvalidValue;
import java.util.Arrays;

/** The outcome of an attempt. */
public enum AuditOutcome {
  DONE("done"),
  REFUSED("refused"),
  /** The attempt failed because of an unexpected error. Nothing was changed. */
  FAILED("failed");

  private final String wireName;

  AuditOutcome(String wireName) {
    this.wireName = wireName;
  }

  /**
   * Finds the outcome with this name.
   *
   * @throws InvalidValue when no outcome has this name
   */
  public static AuditOutcome of(String wireName) {
    return Arrays.stream(values())
        .filter(outcome -> outcome.wireName().equals(wireName))
        .findFirst()
        .orElseThrow(() -> new InvalidValue("outcome", "done, refused or failed"));
  }

  /** The stored and shown name. */
  public String wireName() {
    return wireName;
  }
}
