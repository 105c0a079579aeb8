package io.claviger.domain.spending;

/**
 * What the calls of a model have used of late, from which the use of the next one is estimated.
 * Means are taken rather than extremes: whatever is reserved beyond what calls use is refused to
 * others while they are under way.
 *
 * @param calls that were observed
 * @param ofByte tokens of input for each byte of a body
 * @param ofElsewhere tokens of input of a call whose input was not all in its body
 * @param ofAnswer tokens of output
 * @param ofDearest the part that calls cost of what their tokens cost at the dearest rates; the
 *     rest was read from caches, for example
 */
public record ObservedUse(
    long calls,
    FadingMean ofByte,
    FadingMean ofElsewhere,
    FadingMean ofAnswer,
    FadingMean ofDearest) {
  /** Before anything was observed. */
  public static final ObservedUse NONE =
      new ObservedUse(0, FadingMean.NONE, FadingMean.NONE, FadingMean.NONE, FadingMean.NONE);

  /** Fewer calls than this say little. */
  private static final int FEW = 8;

  /** Text of most languages has fewer tokens for each byte. */
  private static final double USUAL_OF_BYTE = 0.4;

  private static final long USUAL_ELSEWHERE = 8_192;
  private static final long USUAL_OUTPUT = 4_096;

  /** Whether so many calls were observed that the next one can be expected to be like them. */
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

  /** Tokens of output of an answer. */
  public double output() {
    return isKnown() ? ofAnswer.or(USUAL_OUTPUT) : USUAL_OUTPUT;
  }

  /** The part that calls cost of what their tokens cost at the dearest rates, at most 1. */
  public double partOfDearest() {
    return isKnown() ? Math.min(1, ofDearest.or(1)) : 1;
  }

  /**
   * After one more call.
   *
   * @param input tokens, as the provider stated them
   * @param output tokens, as the provider stated them
   * @param dearest what they cost at the dearest rates; 0 without a price
   * @param cost of the call
   */
  public ObservedUse after(RequestedUse asked, long input, long output, long dearest, long cost) {
    boolean elsewhere = asked.refersElsewhere();
    return new ObservedUse(
        calls + 1,
        elsewhere ? ofByte : ofByte.and((double) input, (double) asked.bodyBytes()),
        elsewhere ? ofElsewhere.and((double) input, 1) : ofElsewhere,
        ofAnswer.and((double) output, asked.answers()),
        dearest > 0 ? ofDearest.and((double) cost, (double) dearest) : ofDearest);
  }
}
