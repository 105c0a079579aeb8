package io.claviger.application.retention.port;

/** The kinds of data that are stored by month and can be removed by month. */
public enum KeptByMonth {
  USAGE,
  AUDIT
}
