package io.claviger.application.retention;

/** What is stored by month and can be removed by month. */
public enum KeptByMonth {
  USAGE,
  AUDIT
}
