package io.claviger.domain.audit;

import java.util.Locale;

/** How an attempt ended. */
public enum AuditOutcome {
  DONE,
  REFUSED,
  /** The attempt failed because of an unexpected error. Nothing was changed. */
  FAILED;

  /** The stored and shown name. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
