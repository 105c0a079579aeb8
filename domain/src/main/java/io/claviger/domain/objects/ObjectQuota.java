package io.claviger.domain.objects;

import java.time.Duration;

/**
 * The amount that a borrower may store with a service's key. Responses don't count against this
 * quota: if a borrower has too many of them, the oldest are removed.
 *
 * @param objects the greatest number of objects
 * @param bytes the greatest total size of all objects in bytes
 */
public record ObjectQuota(long objects, long bytes) {
  public static final ObjectQuota DEFAULT = new ObjectQuota(1_000, 10L << 30);

  /** The greatest number of responses and response items that the ledger keeps for a borrower. */
  public static final int MOST_RESPONSES = 100_000;

  /**
   * The time for which the ledger keeps a container after a call last used the container. This time
   * is limited because providers remove idle containers without saying when, and because tools can
   * create a container for each answer.
   */
  public static final Duration IDLE_CONTAINER = Duration.ofDays(1);

  /** The number of days for which the ledger and the provider keep a response. */
  public static final int DAYS_OF_RESPONSES = 30;
}
