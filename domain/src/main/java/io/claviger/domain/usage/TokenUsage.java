package io.claviger.domain.usage;

import io.claviger.domain.Amounts;

/**
 * The tokens that one call used.
 *
 * @param input tokens of all input, including cached input
 * @param output tokens of all output, including reasoning
 * @param parts the stated parts of input and output
 * @param estimated the estimated part of input and output
 */
public record TokenUsage(long input, long output, TokenParts parts, EstimatedUsage estimated) {
  public static final TokenUsage NONE = stated(0, 0, TokenParts.NONE);

  /** The usual estimate of the bytes per token of text. */
  private static final long BYTES_OF_A_TOKEN = 4;

  public static TokenUsage stated(long input, long output, TokenParts parts) {
    return new TokenUsage(input, output, parts, EstimatedUsage.NONE);
  }

  /** Returns the part of the usage that was stated. */
  public TokenUsage statedOnly() {
    return stated(input - estimated.inputTokens(), output - estimated.outputTokens(), parts);
  }

  /** The usual estimate of the tokens in a text of this size, rounded up. */
  public static long ofBytes(long bytes) {
    return bytes / BYTES_OF_A_TOKEN + (bytes % BYTES_OF_A_TOKEN == 0 ? 0 : 1);
  }

  /** Returns the same usage, with the call marked as estimated. */
  public TokenUsage estimatedCall() {
    return new TokenUsage(
        input,
        output,
        parts,
        new EstimatedUsage(1, estimated.inputTokens(), estimated.outputTokens()));
  }

  /**
   * Returns this usage, in which no number exceeds the given bounds.
   *
   * @param mostInput the greatest number of input tokens
   * @param mostOutput the greatest number of output tokens
   * @param mostImages the greatest number of images
   */
  public TokenUsage atMost(long mostInput, long mostOutput, long mostImages) {
    if (input <= mostInput
        && output <= mostOutput
        && estimated.inputTokens() <= mostInput
        && estimated.outputTokens() <= mostOutput
        && parts.areAtMost(mostInput, mostOutput, mostImages)) {
      return this;
    }
    return new TokenUsage(
        Math.min(input, mostInput),
        Math.min(output, mostOutput),
        parts.atMost(mostInput, mostOutput, mostImages),
        new EstimatedUsage(
            estimated.requests(),
            Math.min(estimated.inputTokens(), mostInput),
            Math.min(estimated.outputTokens(), mostOutput)));
  }

  /**
   * Returns this usage, with these numbers of tokens where its own numbers are lower. If the output
   * is raised, all of it is counted as estimated. If the input is raised, only the added part is
   * counted as estimated.
   */
  public TokenUsage atLeast(long leastInput, long leastOutput) {
    long moreInput = Math.max(0, leastInput - input);
    long moreOutput = Math.max(0, leastOutput - output);
    return moreInput == 0 && moreOutput == 0
        ? this
        : new TokenUsage(
            input + moreInput,
            output + moreOutput,
            parts,
            new EstimatedUsage(
                1,
                estimated.inputTokens() + moreInput,
                moreOutput > 0 ? leastOutput : estimated.outputTokens()));
  }

  /** Returns the sum of this usage and another usage. */
  public TokenUsage plus(TokenUsage more) {
    return new TokenUsage(
        Amounts.sum(input, more.input),
        Amounts.sum(output, more.output),
        parts.plus(more.parts),
        estimated.plus(more.estimated));
  }

  /** Whether all token counts are zero, which means that the provider stated no tokens. */
  public boolean isNothing() {
    return input == 0 && output == 0;
  }

  /**
   * Returns the usage of a call whose answer broke off, was abandoned, or states no usage. Stated
   * numbers count. If no input was stated, it is estimated from the bytes of the request. If pieces
   * of text were forwarded after the output was last stated, the output is estimated from the
   * number of all forwarded pieces. But if a larger output was stated, the stated output is used.
   *
   * @param bytesIn the size of the request's body
   * @param pieces how many pieces of text were forwarded, each about one token; 0 if no piece was
   *     forwarded after the output was last stated
   */
  public TokenUsage orEstimated(long bytesIn, long pieces) {
    return orTokens(ofBytes(bytesIn), pieces);
  }

  /**
   * Returns this usage with estimates, in tokens, of the parts that were not stated.
   *
   * @param estimatedInput the input that is used if no input was stated
   * @param estimatedOutput the output that is used if it is more than the stated output
   */
  public TokenUsage orTokens(long estimatedInput, long estimatedOutput) {
    long unstatedInput = input == 0 ? estimatedInput : 0;
    long unstatedOutput = estimatedOutput > output ? estimatedOutput : 0;
    if (unstatedInput == 0 && unstatedOutput == 0) {
      return this;
    }
    return new TokenUsage(
        Math.max(input, unstatedInput),
        Math.max(output, unstatedOutput),
        parts,
        new EstimatedUsage(1, unstatedInput, unstatedOutput));
  }
}
