package io.claviger.domain.prices;

import io.claviger.domain.Amounts;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;

/**
 * The fee for pieces, such as images or searches, that are charged by their number.
 *
 * @param piece the kind of piece that is charged; if it states no quality, the fee applies to all
 *     qualities that have no fee of their own
 * @param amount the price of {@code per} pieces in pico-dollars
 * @param per the number of pieces for which {@code amount} is charged, 1 to 1,000,000
 */
public record Fee(FeePiece piece, long amount, int per) {
  /** An image of any quality. The image's price can also be stated as {@link Rate#IMAGE}. */
  static final FeePiece ANY_IMAGE = new FeePiece(FeeKind.IMAGE, "");

  private static final long PICO_IN_NANO = 1_000;

  /** The largest number of pieces for which one price can be stated ({@code per}). */
  public static final int MOST_PER = 1_000_000;

  /** The largest amount of a fee: 1,000 dollars. */
  public static final long MOST = Rates.MOST;

  public Fee {
    if (amount < 0 || amount > MOST) {
      throw new InvalidValue("amount", "0 to 1,000 dollars");
    }
    if (per < 1 || per > MOST_PER) {
      throw new InvalidValue("per", "1 to 1,000,000 pieces");
    }
  }

  /** Returns this fee multiplied by the factor, but at most {@link #MOST}. */
  Fee times(int factor) {
    return factor == 1
        ? this
        : new Fee(piece, Math.min(Amounts.product(amount, factor), MOST), per);
  }

  /**
   * Returns how many pieces the given amount pays for, rounded up; 0 if pieces are free.
   *
   * @param nanos the amount in nano-dollars
   */
  long piecesFor(long nanos) {
    return amount == 0
        ? 0
        : Math.ceilDiv(Amounts.product(nanos, Amounts.product(PICO_IN_NANO, per)), amount);
  }

  /** Whether a piece costs more with this fee than with another fee. */
  boolean isDearerThan(Fee other) {
    // The products can be larger than 2^63, so their high halves are compared too.
    long high = Math.multiplyHigh(amount, other.per);
    long otherHigh = Math.multiplyHigh(other.amount, per);
    return high == otherHigh
        ? Long.compareUnsigned(amount * other.per, other.amount * per) > 0
        : high > otherHigh;
  }
}
