package io.claviger.domain.fairness;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A node's statement to an account when it asks for its next part.
 *
 * @param node the node
 * @param borrowers the use and the needs of each borrower with calls on the node
 * @param slots how many calls at a time the node may have under way, as far as it knows; at least
 *     the number that is under way
 * @param learned what answers have said about the provider's limits since the last statement
 * @param refusals the provider's refusals because of the account's pace since the last statement,
 *     each with the rest of its pause
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
   * @param used what calls have used since the last statement; negative if earlier calls used less
   *     than was reserved for them
   * @param unused how much less ended calls used than was expected; {@code used} already includes
   *     it
   * @param kept the part of the grant that no call has used yet
   * @param first what the first waiting call needs beyond {@code kept}; nothing if no call waits
   * @param further what further calls need: waiting ones and expected ones
   * @param running how many calls are under way
   * @param waiting how many calls wait
   * @param waited for how many milliseconds the first waiting call has waited
   * @param beyond what the provider counted for ended calls beyond their use
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
