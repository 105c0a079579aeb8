package io.claviger.domain.fairness;

import io.claviger.domain.InvalidValue;

/**
 * A borrower's weight among the borrowers who want more of a provider's limits at the same time.
 *
 * @param value 1 to {@value CapacityStatement#MOST_WEIGHT}
 */
public record Weight(int value) implements Comparable<Weight> {
  /** The weight of a share for which no weight is stated, and of an owner's own calls. */
  public static final Weight USUAL = new Weight(CapacityTerms.USUAL_WEIGHT);

  public Weight {
    if (value < 1 || value > CapacityStatement.MOST_WEIGHT) {
      throw new InvalidValue("weight", "1 to 100");
    }
  }

  /** Returns the lower of the two weights. */
  public Weight atMost(Weight other) {
    return compareTo(other) <= 0 ? this : other;
  }

  @Override
  public int compareTo(Weight other) {
    return Integer.compare(value, other.value);
  }
}
