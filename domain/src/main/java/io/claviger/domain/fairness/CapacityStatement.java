package io.claviger.domain.fairness;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a node states to an account when it requests its next part.
 *
 * @param node the node
 * @param borrowers the use and the needs of each borrower with calls on the node
 * @param slots how many calls at a time the node may have under way, as far as the node knows; at
 *     least the number of calls that are under way
 * @param learned what answers have stated about the provider's limits since this node's last
 *     statement
 * @param refusals the provider's refusals because of the account's pace since the last statement,
 *     each with the remaining time of its pause
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
   * @param used the use of calls since the last statement; negative if calls that ended used less
   *     than had been counted for them before
   * @param unused the amount by which calls that have ended used less than expected; {@code used}
   *     includes this amount
   * @param kept the part of the grant that no call has used yet
   * @param first the amount that the first waiting call needs beyond {@code kept}; {@link
   *     PaceUse#NONE} if no call waits
   * @param further the amount that further waiting calls and expected calls need
   * @param running how many calls are under way
   * @param waiting how many calls wait
   * @param waited for how many milliseconds the first waiting call has waited
   * @param beyond how much more the provider counted for ended calls than these calls used
   *     according to their usage
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
        throw new IllegalArgumentException("a weight is 1 to " + MOST_WEIGHT);
      }
    }
  }
}
