package io.claviger.domain.fairness;

/**
 * The use of a limit: a number of calls and the numbers of their tokens. The numbers can be
 * negative, because a use can be the difference between two uses.
 *
 * @param calls the number of calls
 * @param input the number of input tokens of all the calls together
 * @param output the number of output tokens of all the calls together
 */
public record PaceUse(long calls, long input, long output) {
  public static final PaceUse NONE = new PaceUse(0, 0, 0);

  /** The maximum number of tokens that are counted for one call. */
  private static final long MOST_TOKENS = 1L << 40;

  /** The use of one call; more than 2^40 tokens are counted as 2^40. */
  public static PaceUse ofCall(long input, long output) {
    return new PaceUse(1, Math.clamp(input, 0, MOST_TOKENS), Math.clamp(output, 0, MOST_TOKENS));
  }

  public PaceUse plus(PaceUse more) {
    return new PaceUse(calls + more.calls, input + more.input, output + more.output);
  }

  public PaceUse minus(PaceUse less) {
    return new PaceUse(calls - less.calls, input - less.input, output - less.output);
  }

  /** Returns this use minus another use; each number of the result is at least 0. */
  PaceUse without(PaceUse less) {
    return new PaceUse(
        Math.max(0, calls - less.calls),
        Math.max(0, input - less.input),
        Math.max(0, output - less.output));
  }

  /**
   * Returns the use of {@code some} of these calls, as if each of them had the average use, rounded
   * up.
   */
  PaceUse ofCalls(long some) {
    return some >= calls ? this : new PaceUse(some, part(input, some), part(output, some));
  }

  /** Returns this use multiplied by a factor; each number is rounded down. */
  PaceUse times(double factor) {
    return new PaceUse((long) (calls * factor), (long) (input * factor), (long) (output * factor));
  }

  private long part(long tokens, long some) {
    return (long) Math.ceil((double) tokens * some / calls);
  }

  /** Whether each number of this use is at least the corresponding number of another use. */
  boolean covers(PaceUse other) {
    return calls >= other.calls && input >= other.input && output >= other.output;
  }
}
