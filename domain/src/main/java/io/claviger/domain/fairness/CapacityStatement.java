package io.claviger.domain.fairness;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a node states of one capacity when it asks for its next part.
 *
 * @param node the node
 * @param borrowers what each borrower with calls on the node used and wants
 * @param slots how many calls at a time the node may have under way, as far as it knows, and at
 *     least those that are under way
 * @param learned what answers have said of the provider's limits since the last statement
 * @param refusals what the provider has refused for the account's pace since the last statement,
 *     with what is left of each pause
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
   * @param used what calls have used since the last statement; less than nothing if earlier calls
   *     used less than they had reserved
   * @param unused what ended calls used less than they were expected to, which is part of {@code
   *     used}
   * @param kept the part of what was granted that no call has used yet
   * @param first what the first waiting call needs beyond what is kept; nothing if none waits
   * @param further what further calls need, those that wait and those that are expected
   * @param running how many calls are under way
   * @param waiting how many calls wait
   * @param waited for how many milliseconds the first of them has waited
   * @param beyond what the provider took for ended calls beyond what they used
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
