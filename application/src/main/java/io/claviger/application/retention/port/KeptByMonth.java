package io.claviger.application.retention.port;

/** What is stored by month and can be removed by month. */
public enum KeptByMonth {
  USAGE,
  AUDIT
}
