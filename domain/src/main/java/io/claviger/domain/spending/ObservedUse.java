package io.claviger.domain.spending;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * The use of recent calls of a model by one caller. These numbers predict the use of the next call.
 * Means are used instead of maxima, so that no more than necessary is reserved: nobody else can use
 * an amount while it is reserved. If a call uses far more than earlier calls, its use is counted as
 * at most {@link #OUTLIER} times their mean.
 *
 * @param calls the number of observed calls, at most {@link #MANY}
 * @param ofByte the mean number of input tokens per byte of a body
 * @param ofElsewhere the mean number of input tokens per call, for calls with input outside the
 *     body
 * @param ofAnswer the mean number of output tokens per answer
 * @param ofDearest the real cost of calls, divided by the cost of their tokens and expected fees at
 *     the highest rates. The quotient is below 1 if, for example, tokens were read from caches. The
 *     quotient is above 1 if the provider's tools were used more often than expected, or if a more
 *     expensive tier answered
 */
public record ObservedUse(
    long calls,
    FadingMean ofByte,
    FadingMean ofElsewhere,
    FadingMean ofAnswer,
    FadingMean ofDearest) {
  /** The observations before the first call. */
  public static final ObservedUse NONE =
      new ObservedUse(0, FadingMean.NONE, FadingMean.NONE, FadingMean.NONE, FadingMean.NONE);

  /** The minimum number of observed calls for an estimate of the next call. */
  private static final int FEW = 8;

  /** From this number of calls on, each further call changes the means to the same small extent. */
  private static final int MANY = 64;

  private static final int OUTLIER = 16;

  /** The minimum number of known callers for an estimate of a new caller's use. */
  private static final int QUORUM = 3;

  /**
   * An upper estimate of the tokens per byte of text. Texts in most languages have fewer tokens.
   */
  private static final double USUAL_OF_BYTE = 0.4;

  /**
   * The assumed input tokens of a call in addition to the text of its body, if too few calls are
   * known.
   */
  private static final long USUALLY_BESIDES = 100;

  /** The factor by which the expected use of the next call exceeds the mean use. */
  private static final double MARGIN = 1.25;

  private static final long USUAL_ELSEWHERE = 8_192;
  private static final long USUAL_OUTPUT = 4_096;

  /** Whether enough calls were observed to predict the next call. */
  public boolean isKnown() {
    return calls >= FEW;
  }

  /** Returns the input tokens per byte of a body; a default if too few calls are known. */
  public double tokensPerByte() {
    return isKnown() ? ofByte.or(USUAL_OF_BYTE) : USUAL_OF_BYTE;
  }

  /**
   * Returns the input tokens of a call with input outside the body; a default if too few calls are
   * known.
   */
  public double inputElsewhere() {
    return isKnown() ? ofElsewhere.or(USUAL_ELSEWHERE) : USUAL_ELSEWHERE;
  }

  /** Returns the expected input tokens of bodies that have this many bytes in all. */
  public long expectedText(long bytes) {
    return (long) Math.ceil(bytes * tokensPerByte() * MARGIN);
  }

  /** Returns the expected input tokens of each call in addition to the text of its body. */
  public long expectedBesides() {
    return isKnown() ? 0 : USUALLY_BESIDES;
  }

  /** Returns the expected input tokens of a call with input outside the body. */
  public long expectedElsewhere() {
    return (long) Math.ceil(inputElsewhere() * MARGIN);
  }

  /** Returns the expected output tokens of an answer. */
  public long expectedOutput() {
    return (long) Math.ceil(output() * (isKnown() ? MARGIN : 1));
  }

  public double output() {
    return isKnown() ? ofAnswer.or(USUAL_OUTPUT) : USUAL_OUTPUT;
  }

  /**
   * Returns the real cost of calls, divided by the cost of their tokens and expected fees at the
   * highest rates; 1 if too few calls are known.
   */
  public double partOfDearest() {
    return isKnown() ? ofDearest.or(1) : 1;
  }

  /**
   * Adds a call.
   *
   * @param input the number of input tokens that the provider stated
   * @param output the number of output tokens that the provider stated
   * @param dearest the cost of these tokens and of the expected fees at the highest rates; 0 if
   *     there is no price
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
   * Adds a call whose caller left, if the call's estimated output is more than the usual output. A
   * lower estimate is ignored, because estimates must not lower the expected use of later calls.
   * This method is for callers who abandon all expensive calls. Without this method, the expected
   * use of such a caller would never include an expensive call.
   *
   * @param output the charged output tokens
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
   * Returns the observations with less weight, because there were no calls for some time.
   *
   * @param part the factor for the weight, 0 to 1
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
   * Returns the new observations if a call shows that all earlier calls were of another kind. The
   * result depends only on this call.
   *
   * @see #after
   */
  public static ObservedUse only(
      RequestedUse asked, long input, long output, long dearest, long cost) {
    ObservedUse one = NONE.after(asked, input, output, dearest, cost);
    return new ObservedUse(FEW, one.ofByte, one.ofElsewhere, one.ofAnswer, one.ofDearest);
  }

  /**
   * Returns the expected use for a caller with few calls, computed from the other callers. Each
   * mean is the median of the other callers' means, or the lower of two middle values. So no single
   * caller can determine the expected use of others. Returns {@link #NONE} if too few callers are
   * known.
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
   * A mean that gives older values less weight. After a few hundred more values, a value has hardly
   * any weight.
   */
  record FadingMean(double sum, double weight) {
    static final FadingMean NONE = new FadingMean(0, 0);

    private static final double KEPT = 63.0 / 64;

    /**
     * @param value the new value, multiplied by its weight
     * @param added the weight of the new value
     */
    FadingMean and(double value, double added) {
      return new FadingMean(sum * KEPT + value, weight * KEPT + added);
    }

    /** Returns this mean with less weight, so that later values change it faster. */
    FadingMean fadedTo(double part) {
      return new FadingMean(sum * part, weight * part);
    }

    double or(double otherwise) {
      return weight > 0 ? sum / weight : otherwise;
    }
  }
}
