package io.claviger.domain.spending;

/**
 * What earlier calls of a model have used, from which the use of the next one is estimated.
 *
 * @param tokensPerByte the most tokens of input for each byte of a body, of late
 * @param inputElsewhere the most tokens of input of a call whose input was not all in its body, of
 *     late
 * @param output the most tokens of output of a call, of late
 */
public record ObservedUse(double tokensPerByte, long inputElsewhere, long output) {
  /** Before anything was observed. Text of most languages has fewer tokens for each byte. */
  public static final ObservedUse NONE = new ObservedUse(0.4, 8_192, 4_096);

  /** A body of fewer bytes says little: the provider adds a prompt of its own. */
  private static final long LEAST_BYTES = 512;

  private static final double LEAST = 0.1;
  private static final double MOST = 1;

  /** An extreme is forgotten within some hundred calls. */
  private static final double FADING = 0.99;

  /**
   * After one more call.
   *
   * @param input tokens, as the provider stated them
   * @param used output tokens, as the provider stated them
   */
  public ObservedUse after(RequestedUse asked, long input, long used) {
    boolean says = !asked.refersElsewhere() && asked.bodyBytes() >= LEAST_BYTES;
    double ratio = says ? (double) input / asked.bodyBytes() : 0;
    return new ObservedUse(
        Math.clamp(Math.max(ratio, tokensPerByte * (says ? FADING : 1)), LEAST, MOST),
        asked.refersElsewhere() ? faded(inputElsewhere, input) : inputElsewhere,
        faded(output, used));
  }

  private static long faded(long before, long now) {
    return Math.max(now, (long) (before * FADING));
  }
}
