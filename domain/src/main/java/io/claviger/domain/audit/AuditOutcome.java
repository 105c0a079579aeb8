package io.claviger.domain.audit;

/** How an attempt ended. */
public enum AuditOutcome {
  DONE,
  REFUSED,
  FAILED
}
