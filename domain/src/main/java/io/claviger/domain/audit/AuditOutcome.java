package io.claviger.domain.audit;

/** How an attempt ended. */
public enum AuditOutcome {
  DONE("done"),
  REFUSED("refused"),
  /** The attempt failed because of an unexpected error. Nothing was changed. */
  FAILED("failed");

  private final String wireName;

  AuditOutcome(String wireName) {
    this.wireName = wireName;
  }

  /** The stored and shown name. */
  public String wireName() {
    return wireName;
  }
}
