package io.claviger.domain.objects;

import java.time.Duration;

/**
 * How much a borrower may store with the key of a service. Responses don't count: of these, the
 * oldest leave.
 *
 * @param objects the most objects
 * @param bytes the most bytes of all of them together
 */
public record ObjectQuota(long objects, long bytes) {
  public static final ObjectQuota DEFAULT = new ObjectQuota(1_000, 10L << 30);

  /** The most responses and their items that the ledger keeps of a borrower. */
  public static final int MOST_RESPONSES = 100_000;

  /**
   * How long the ledger keeps a container that no call uses. Providers remove idle ones without
   * saying when, and tools make a new one for each answer.
   */
  public static final Duration IDLE_CONTAINER = Duration.ofDays(1);

  /** After how many days the ledger and the provider no longer keep a response. */
  public static final int DAYS_OF_RESPONSES = 30;
}
