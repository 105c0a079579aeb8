package io.claviger.domain.fairness;

/**
 * Calls and their tokens. The numbers can be negative where two uses are compared.
 *
 * @param calls how many calls
 * @param input tokens of input, of all the calls together
 * @param output tokens of output, of all the calls together
 */
public record PaceUse(long calls, long input, long output) {
  public static final PaceUse NONE = new PaceUse(0, 0, 0);

  /** The most tokens of one call that are told apart. */
  private static final long MOST_TOKENS = 1L << 40;

  /** The use of one call; tokens beyond 2^40 count as so many. */
  public static PaceUse ofCall(long input, long output) {
    return new PaceUse(1, Math.clamp(input, 0, MOST_TOKENS), Math.clamp(output, 0, MOST_TOKENS));
  }

  public PaceUse plus(PaceUse more) {
    return new PaceUse(calls + more.calls, input + more.input, output + more.output);
  }

  public PaceUse minus(PaceUse less) {
    return new PaceUse(calls - less.calls, input - less.input, output - less.output);
  }

  /** Returns what is left without another use, of nothing less than none. */
  PaceUse without(PaceUse less) {
    return new PaceUse(
        Math.max(0, calls - less.calls),
        Math.max(0, input - less.input),
        Math.max(0, output - less.output));
  }

  /** Returns the part of this use that so many of its calls have on average, rounded up. */
  PaceUse ofCalls(long some) {
    return some >= calls ? this : new PaceUse(some, part(input, some), part(output, some));
  }

  /** Returns so many times this use, rounded down. */
  PaceUse times(double factor) {
    return new PaceUse((long) (calls * factor), (long) (input * factor), (long) (output * factor));
  }

  private long part(long tokens, long some) {
    return (long) Math.ceil((double) tokens * some / calls);
  }

  /** Whether there is enough of everything for another use. */
  boolean covers(PaceUse other) {
    return calls >= other.calls && input >= other.input && output >= other.output;
  }
}
