package io.claviger.domain.prices;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;

/**
 * What pieces cost that are charged by their number.
 *
 * @param piece what is charged; without a quality, the fee is for all qualities that have none of
 *     their own
 * @param amount pico-dollars for as many pieces as {@code per} says
 */
public record Fee(FeePiece piece, long amount, int per) {
  /** An image of any quality, which {@link Rate#IMAGE} prices too. */
  static final FeePiece ANY_IMAGE = new FeePiece(FeeKind.IMAGE, "");

  /** The largest number of pieces for which an amount can be stated. */
  public static final int MOST_PER = 1_000_000;

  /** The largest amount: 1,000 dollars. */
  public static final long MOST = Rates.MOST;

  public Fee {
    if (amount < 0 || amount > MOST) {
      throw new InvalidValue("amount", "0 to 1,000 dollars");
    }
    if (per < 1 || per > MOST_PER) {
      throw new InvalidValue("per", "1 to 1,000,000 pieces");
    }
  }

  /** Whether a piece costs more at this fee than at another one. */
  boolean isDearerThan(Fee other) {
    // The products can be larger than 2^63, so their high halves are compared too.
    long high = Math.multiplyHigh(amount, other.per);
    long otherHigh = Math.multiplyHigh(other.amount, per);
    return high == otherHigh
        ? Long.compareUnsigned(amount * other.per, other.amount * per) > 0
        : high > otherHigh;
  }
}
