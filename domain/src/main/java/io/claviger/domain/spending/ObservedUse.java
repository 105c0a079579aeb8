package io.claviger.domain.spending;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * What recent calls of a model by one caller used, from which the use of the next call is
 * estimated. These are means, not extremes, because what a call reserves without using it is not
 * available to others. A call that uses far more than the earlier ones counts as at most {@link
 * #OUTLIER} times their mean.
 *
 * @param calls how many calls were observed, at most {@link #MANY}
 * @param ofByte tokens of input for each byte of a body
 * @param ofElsewhere tokens of input of a call whose input was not all in its body
 * @param ofAnswer tokens of output
 * @param ofDearest the cost of calls as a part of what their tokens and fees were expected to cost
 *     at the dearest rates. It is below 1 if tokens were read from caches, for example, and above 1
 *     if the provider's tools were used more often than expected or a dearer tier answered
 */
public record ObservedUse(
    long calls,
    FadingMean ofByte,
    FadingMean ofElsewhere,
    FadingMean ofAnswer,
    FadingMean ofDearest) {
  /** Nothing was observed yet. */
  public static final ObservedUse NONE =
      new ObservedUse(0, FadingMean.NONE, FadingMean.NONE, FadingMean.NONE, FadingMean.NONE);

  /** Fewer calls than this say little. */
  private static final int FEW = 8;

  /** After this many calls, the next one changes the means as little as any later one. */
  private static final int MANY = 64;

  private static final int OUTLIER = 16;

  /** How many callers have to be known before anything is expected of another caller. */
  private static final int QUORUM = 3;

  /** The tokens for each byte of text in most languages are fewer than this. */
  private static final double USUAL_OF_BYTE = 0.4;

  private static final long USUAL_ELSEWHERE = 8_192;
  private static final long USUAL_OUTPUT = 4_096;

  /** Whether enough calls were observed to expect that the next one is like them. */
  public boolean isKnown() {
    return calls >= FEW;
  }

  /** Tokens of input for each byte of a body. */
  public double tokensPerByte() {
    return isKnown() ? ofByte.or(USUAL_OF_BYTE) : USUAL_OF_BYTE;
  }

  /** Tokens of input of a call whose input is not all in its body. */
  public double inputElsewhere() {
    return isKnown() ? ofElsewhere.or(USUAL_ELSEWHERE) : USUAL_ELSEWHERE;
  }

  public double output() {
    return isKnown() ? ofAnswer.or(USUAL_OUTPUT) : USUAL_OUTPUT;
  }

  /**
   * The cost of calls as a part of what was to be expected of their tokens and fees at the dearest
   * rates.
   */
  public double partOfDearest() {
    return isKnown() ? ofDearest.or(1) : 1;
  }

  /**
   * Adds a call.
   *
   * @param input tokens, as the provider stated them
   * @param output tokens, as the provider stated them
   * @param dearest what these tokens, with the expected fees, cost at the dearest rates; 0 without
   *     a price
   * @param cost the cost of the call
   */
  public ObservedUse after(RequestedUse asked, long input, long output, long dearest, long cost) {
    boolean elsewhere = asked.refersElsewhere();
    return new ObservedUse(
        Math.min(MANY, calls + 1),
        elsewhere ? ofByte : ofByte.and((double) input, (double) asked.bodyBytes()),
        elsewhere
            ? ofElsewhere.and(clipped(input, ofElsewhere, USUAL_ELSEWHERE, 1), 1)
            : ofElsewhere,
        ofAnswer.and(clipped(output, ofAnswer, USUAL_OUTPUT, asked.answers()), asked.answers()),
        dearest > 0
            ? ofDearest.and(Math.min((double) cost, OUTLIER * (double) dearest), (double) dearest)
            : ofDearest);
  }

  /**
   * Adds a call that its caller left, if it seems to have written more than such calls do. Only an
   * estimate says so, which therefore makes less of no later call. Otherwise nobody who leaves all
   * dear calls would ever be expected to make one.
   *
   * @param output tokens, as they were charged
   */
  public ObservedUse afterLeft(RequestedUse asked, long output) {
    return isKnown() && output > output() * asked.answers()
        ? new ObservedUse(
            calls,
            ofByte,
            ofElsewhere,
            ofAnswer.and(clipped(output, ofAnswer, USUAL_OUTPUT, asked.answers()), asked.answers()),
            ofDearest)
        : this;
  }

  private static double clipped(long value, FadingMean mean, long usual, int answers) {
    double usually = (double) usual;
    return Math.min((double) value, Math.max(usually, OUTLIER * mean.or(usually)) * answers);
  }

  /**
   * Forgets a part of what is known, after a time without calls.
   *
   * @param part the part that is still known, 0 to 1
   */
  public ObservedUse fadedTo(double part) {
    return new ObservedUse(
        (long) (calls * part),
        ofByte.fadedTo(part),
        ofElsewhere.fadedTo(part),
        ofAnswer.fadedTo(part),
        ofDearest.fadedTo(part));
  }

  /**
   * Replaces what is known by one call, which shows that the calls before it were of another kind.
   *
   * @see #after
   */
  public static ObservedUse only(
      RequestedUse asked, long input, long output, long dearest, long cost) {
    ObservedUse one = NONE.after(asked, input, output, dearest, cost);
    return new ObservedUse(FEW, one.ofByte, one.ofElsewhere, one.ofAnswer, one.ofDearest);
  }

  /**
   * What is expected of a caller with few calls: for each mean, the median of the other callers
   * (the lower of the two middle values). One caller's use therefore can't decide what is expected
   * of others. Returns {@link #NONE} unless enough callers are known.
   */
  public static ObservedUse ofOthers(Collection<ObservedUse> callers) {
    List<ObservedUse> known = callers.stream().filter(ObservedUse::isKnown).toList();
    return known.size() < QUORUM
        ? NONE
        : new ObservedUse(
            FEW,
            median(known, ObservedUse::ofByte),
            median(known, ObservedUse::ofElsewhere),
            median(known, ObservedUse::ofAnswer),
            median(known, ObservedUse::ofDearest));
  }

  private static FadingMean median(
      List<ObservedUse> known, Function<ObservedUse, FadingMean> mean) {
    double[] means =
        known.stream()
            .map(mean)
            .filter(one -> one.weight() > 0)
            .mapToDouble(one -> one.or(0))
            .sorted()
            .toArray();
    return means.length < QUORUM
        ? FadingMean.NONE
        : new FadingMean(means[(means.length - 1) / 2], 1);
  }

  /**
   * A mean in which each value counts a little less than the one after it, so that a few hundred
   * values later it hardly counts at all.
   */
  record FadingMean(double sum, double weight) {
    static final FadingMean NONE = new FadingMean(0, 0);

    private static final double KEPT = 63.0 / 64;

    /**
     * @param value the value of the mean, times its weight
     * @param added the weight of the value
     */
    FadingMean and(double value, double added) {
      return new FadingMean(sum * KEPT + value, weight * KEPT + added);
    }

    /** The same mean with less weight, so that later values change it sooner. */
    FadingMean fadedTo(double part) {
      return new FadingMean(sum * part, weight * part);
    }

    double or(double otherwise) {
      return weight > 0 ? sum / weight : otherwise;
    }
  }
}
