package io.claviger.domain.prices;

import io.claviger.domain.usage.ChargedFees;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.TokenUsage;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Computes the costs of calls, in nano-dollars (10^-9 US dollars). */
public final class Cost {
  /** The largest cost: 1,000,000,000 dollars. */
  public static final long MOST = 1_000_000_000_000_000_000L;

  private static final long PICO_IN_NANO = 1_000;

  private Cost() {}

  /**
   * Returns the cost of one call: the cost of its tokens, of its images and of the request itself.
   * The sum is rounded up once. Costs above about nine million dollars are counted as about nine
   * million dollars.
   *
   * <p>Each token is charged at one rate. Many providers do not say which parts of audio and images
   * in the input were cached. So audio and images are treated as fresh input, up to the amount of
   * fresh input. Reasoning counts neither as audio nor as images.
   */
  public static long of(Price price, TokenUsage usage) {
    return of(price, usage, FeesUsed.NONE);
  }

  /**
   * Returns the cost of one call, including fees for things other than tokens. Uses without a fee
   * in the price cost nothing; see {@link Price#lacks}. The usage and the fees can both contain the
   * same images, but each image is charged only once.
   */
  public static long of(Price price, TokenUsage usage, FeesUsed fees) {
    Rates rates = price.ratesAt(usage.input());
    TokenParts parts = usage.parts();
    long billed = Math.max(0, usage.input() - parts.unbilledInput());
    long cached = Math.min(parts.cachedInput(), billed);
    long fresh = Math.max(0, billed - cached - parts.cacheWrite5m() - parts.cacheWrite1h());
    long audio = Math.min(parts.audioInput(), fresh);
    long images = Math.min(parts.imageInput(), fresh - audio);
    long audioOutput = Math.min(parts.audioOutput(), usage.output());
    long imageOutput = Math.min(parts.imageOutput(), usage.output() - audioOutput);
    long reasoning = Math.min(parts.reasoning(), usage.output() - audioOutput - imageOutput);
    long pico = rates.of(Rate.REQUEST);
    pico = add(pico, fresh - audio - images, rates.of(Rate.INPUT));
    pico = add(pico, audio, rates.of(Rate.AUDIO_INPUT));
    pico = add(pico, images, rates.of(Rate.IMAGE_INPUT));
    pico = add(pico, cached, rates.of(Rate.CACHED_INPUT));
    pico = add(pico, parts.cacheWrite5m(), rates.of(Rate.CACHE_WRITE_5M));
    pico = add(pico, parts.cacheWrite1h(), rates.of(Rate.CACHE_WRITE_1H));
    pico = add(pico, usage.output() - audioOutput - imageOutput - reasoning, rates.of(Rate.OUTPUT));
    pico = add(pico, audioOutput, rates.of(Rate.AUDIO_OUTPUT));
    pico = add(pico, imageOutput, rates.of(Rate.IMAGE_OUTPUT));
    pico = add(pico, reasoning, rates.of(Rate.REASONING));
    long unknownImages = Math.max(0, parts.images() - fees.count(FeeKind.IMAGE));
    if (fees.isNone() && (unknownImages == 0 || price.fees().isEmpty())) {
      return nano(add(pico, unknownImages, rates.of(Rate.IMAGE)));
    }
    PieceSum sum = new PieceSum(pico);
    fees.counts().forEach((piece, count) -> sum.add(price.fee(piece), count));
    sum.add(price.fee(Fee.ANY_IMAGE), unknownImages);
    return sum.nano();
  }

  /**
   * Returns the cost of the fees, keyed by the kind of fee. Each amount is rounded down, so that
   * their sum does not exceed the cost of the call.
   */
  static ChargedFees ofFees(Price price, FeesUsed fees) {
    if (fees.isNone()) {
      return ChargedFees.NONE;
    }
    Map<FeeKind, PieceSum> sums = new EnumMap<>(FeeKind.class);
    fees.counts()
        .forEach(
            (piece, count) ->
                sums.computeIfAbsent(piece.what(), kind -> new PieceSum(0))
                    .add(price.fee(piece), count));
    Map<FeeKind, Long> costs = new EnumMap<>(FeeKind.class);
    sums.forEach((kind, sum) -> costs.put(kind, sum.wholeNano()));
    return ChargedFees.of(fees, costs);
  }

  /**
   * Returns the highest possible cost of a call that uses at most these amounts, at the highest
   * rates.
   *
   * @param input the greatest number of input tokens
   * @param output the greatest number of output tokens, for all answers together
   * @param images the greatest number of images
   */
  public static long atMost(Price price, long input, long output, long images) {
    return atMost(price, input, output, images, FeesUsed.NONE);
  }

  /**
   * Returns the highest possible cost of a call that uses at most these amounts, at the highest
   * rates.
   *
   * @param images the greatest number of images. If {@code fees} contains more images, their number
   *     counts instead
   * @param fees the greatest numbers of uses that cost a fee; a use without a quality counts as the
   *     most expensive quality among those that answers do not count separately
   */
  public static long atMost(Price price, long input, long output, long images, FeesUsed fees) {
    long pico = price.dearest(Rate.REQUEST);
    pico = add(pico, input, price.dearestInput());
    pico = add(pico, output, price.dearestOutput());
    if (fees.isNone() && (images == 0 || price.fees().isEmpty())) {
      return nano(add(pico, images, price.dearest(Rate.IMAGE)));
    }
    PieceSum sum = new PieceSum(pico);
    fees.counts()
        .forEach(
            (piece, count) ->
                sum.add(
                    piece.quality().isEmpty() ? price.dearestFee(piece.what()) : price.fee(piece),
                    count));
    long unknownImages = Math.max(0, images - fees.count(FeeKind.IMAGE));
    sum.add(price.dearestFee(FeeKind.IMAGE), unknownImages);
    return sum.nano();
  }

  /** An exact sum of fees, including fractions of a pico-dollar. */
  private static final class PieceSum {
    private BigInteger numerator;
    private BigInteger denominator = BigInteger.ONE;

    PieceSum(long pico) {
      numerator = BigInteger.valueOf(pico);
    }

    void add(Optional<Fee> fee, long count) {
      if (fee.isEmpty() || count == 0) {
        return;
      }
      BigInteger of =
          BigInteger.valueOf(fee.get().per())
              .multiply(BigInteger.valueOf(fee.get().piece().what().units()));
      BigInteger amount =
          BigInteger.valueOf(fee.get().amount()).multiply(BigInteger.valueOf(count));
      numerator = numerator.multiply(of).add(amount.multiply(denominator));
      denominator = denominator.multiply(of);
      BigInteger common = numerator.gcd(denominator);
      numerator = numerator.divide(common);
      denominator = denominator.divide(common);
    }

    /** Returns the sum, rounded down. */
    long wholeNano() {
      return numerator
          .divide(denominator.multiply(BigInteger.valueOf(PICO_IN_NANO)))
          .min(BigInteger.valueOf(MOST))
          .longValueExact();
    }

    long nano() {
      BigInteger[] whole = numerator.divideAndRemainder(denominator);
      BigInteger pico = whole[1].signum() == 0 ? whole[0] : whole[0].add(BigInteger.ONE);
      return Cost.nano(pico.bitLength() > 63 ? Long.MAX_VALUE : pico.longValueExact());
    }
  }

  /**
   * Adds the price of a number of tokens or pieces to a sum. If the new sum is too large for a
   * {@code long}, returns the largest {@code long}.
   */
  private static long add(long pico, long count, long rate) {
    if (count == 0 || rate == 0) {
      return pico;
    }
    boolean fits = Math.multiplyHigh(count, rate) == 0 && count * rate > 0;
    long sum = fits ? pico + count * rate : Long.MAX_VALUE;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  private static long nano(long pico) {
    return Math.ceilDiv(pico, PICO_IN_NANO);
  }
}
