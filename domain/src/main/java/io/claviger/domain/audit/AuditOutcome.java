package io.claviger.domain.audit;

import java.util.Locale;

/** How an attempt ended. */
public enum AuditOutcome {
  DONE,
  REFUSED,
  /** By a fault that nobody foresaw; nothing was changed. */
  FAILED;

  /** As it is stored and shown. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
