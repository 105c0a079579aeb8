package io.claviger.domain.budgets;

import java.time.Duration;

/**
 * Limits how much one caller may reserve in a shared budget while calls of other callers are
 * refused.
 */
public final class PoolFairness {
  /**
   * The time for which the refusal of a caller's call limits the reservations of the other callers.
   */
  public static final Duration AFTER_REFUSAL = Duration.ofSeconds(10);

  private static final int PART = 3;

  private PoolFairness() {}

  /**
   * Whether a caller may reserve an amount for one more call. A caller without a reservation may
   * always reserve.
   *
   * @param held the amount reserved for the caller's running calls
   * @param wanted the amount that the additional call needs
   * @param left the unused amount of the budget, including the amount reserved for running calls
   * @param othersRefused whether a call of another caller was refused within {@link #AFTER_REFUSAL}
   */
  public static boolean allows(long held, long wanted, long left, boolean othersRefused) {
    return !othersRefused || held == 0 || wanted <= most(held, left);
  }

  /**
   * Returns how much more a caller may reserve while calls of other callers are refused. The
   * caller's reservations may then be at most a third of the unused amount.
   */
  public static long most(long held, long left) {
    return Math.max(0, left / PART - held);
  }
}
