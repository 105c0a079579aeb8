package io.claviger.domain.objects;

import java.time.Duration;

/**
 * How much a borrower may store with the key of a service. Responses don't count against the quota;
 * if a borrower has too many responses, the oldest ones are removed.
 *
 * @param objects the greatest number of objects
 * @param bytes the greatest size of all objects together, in bytes
 */
public record ObjectQuota(long objects, long bytes) {
  public static final ObjectQuota DEFAULT = new ObjectQuota(1_000, 10L << 30);

  /**
   * How many responses and items of responses, counted together, the ledger keeps for a borrower at
   * most.
   */
  public static final int MOST_RESPONSES = 100_000;

  /**
   * For how long the ledger keeps a container after its last use by a call. Providers remove idle
   * containers without stating a time, and tools may make a new container for each answer.
   */
  public static final Duration IDLE_CONTAINER = Duration.ofDays(1);

  /** For how many days the ledger and the provider keep a response. */
  public static final int DAYS_OF_RESPONSES = 30;
}
