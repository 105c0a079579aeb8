package io.claviger.domain.fairness;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a node tells an account in order to get its next grant.
 *
 * @param node the node
 * @param borrowers the use and the needs of each borrower with calls on the node
 * @param slots the maximum number of calls that the node runs at a time, as far as the node knows;
 *     at least the number of running calls
 * @param learned the statements about its limits that the provider has made in answers since this
 *     node's last statement
 * @param refusals the refusals that the provider has sent since the last statement because of the
 *     account's pace, each with the time for which its pause still lasts
 */
public record CapacityStatement(
    UUID node,
    Map<UUID, Claim> borrowers,
    int slots,
    List<LimitStatement> learned,
    List<PaceRefusal> refusals) {
  /** The largest weight of a borrower. */
  public static final int MOST_WEIGHT = 100;

  public CapacityStatement {
    borrowers = Map.copyOf(borrowers);
    learned = List.copyOf(learned);
    refusals = List.copyOf(refusals);
  }

  /**
   * @param weight 1 to {@value #MOST_WEIGHT}
   * @param used the use of the borrower's calls since the last statement; negative if the node had
   *     counted more for ended calls than these calls used
   * @param unused for calls that have ended, the amount by which their use was less than expected;
   *     {@code used} already includes this amount
   * @param kept the part of the grant that no call has used yet
   * @param first the amount that the first waiting call needs beyond {@code kept}; {@link
   *     PaceUse#NONE} if no call waits
   * @param further the amount that other waiting calls and expected calls need
   * @param running the number of running calls
   * @param waiting the number of waiting calls
   * @param waited the milliseconds for which the first waiting call has waited
   * @param beyond the amount that the provider counted for ended calls in addition to the usage
   *     that it stated for these calls
   */
  public record Claim(
      int weight,
      PaceUse used,
      PaceUse unused,
      PaceUse kept,
      PaceUse first,
      PaceUse further,
      int running,
      int waiting,
      long waited,
      PaceUse beyond) {
    public Claim {
      if (weight < 1 || weight > MOST_WEIGHT) {
        throw new IllegalArgumentException("a weight must be 1 to " + MOST_WEIGHT);
      }
    }
  }
}
