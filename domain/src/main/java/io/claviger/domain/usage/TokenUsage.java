package io.claviger.domain.usage;

import io.claviger.domain.Amounts;

/**
 * The tokens that one call used.
 *
 * @param input all input tokens, including cached tokens
 * @param output all output tokens, including reasoning tokens
 * @param parts the stated parts of input and output
 * @param estimated the part of input and output that is estimated
 */
public record TokenUsage(long input, long output, TokenParts parts, EstimatedUsage estimated) {
  public static final TokenUsage NONE = stated(0, 0, TokenParts.NONE);

  /** The usual estimate of bytes per token of text. */
  private static final long BYTES_OF_A_TOKEN = 4;

  public static TokenUsage stated(long input, long output, TokenParts parts) {
    return new TokenUsage(input, output, parts, EstimatedUsage.NONE);
  }

  /** Returns the part of the usage that was stated. */
  public TokenUsage statedOnly() {
    return stated(input - estimated.inputTokens(), output - estimated.outputTokens(), parts);
  }

  /** Returns the usual estimate of the tokens in a text of this size, rounded up. */
  public static long ofBytes(long bytes) {
    return bytes / BYTES_OF_A_TOKEN + (bytes % BYTES_OF_A_TOKEN == 0 ? 0 : 1);
  }

  /** Returns this usage, with the call marked as estimated. */
  public TokenUsage estimatedCall() {
    return new TokenUsage(
        input,
        output,
        parts,
        new EstimatedUsage(1, estimated.inputTokens(), estimated.outputTokens()));
  }

  /**
   * Returns this usage, with each number that exceeds its bound reduced to the bound.
   *
   * @param mostInput the maximum number of input tokens
   * @param mostOutput the maximum number of output tokens
   * @param mostImages the maximum number of images
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

  /** Returns this usage, but counts all output as images, unless the answer stated image tokens. */
  public TokenUsage ofImages() {
    return parts.imageOutput() > 0
        ? this
        : with(parts.withMedia(parts.audioInput(), parts.audioOutput(), output));
  }

  /** Returns this usage, but counts all output as audio, unless the answer stated audio tokens. */
  public TokenUsage ofSpeech() {
    return parts.audioOutput() > 0
        ? this
        : with(parts.withMedia(parts.audioInput(), output, parts.imageOutput()));
  }

  /** Returns this usage, but counts all input as audio, unless the answer stated audio tokens. */
  public TokenUsage ofRecording() {
    return parts.audioInput() > 0
        ? this
        : with(parts.withMedia(input, parts.audioOutput(), parts.imageOutput()));
  }

  private TokenUsage with(TokenParts known) {
    return new TokenUsage(input, output, known, estimated);
  }

  /**
   * Returns this usage, with its token numbers raised to the given minimum. If the output is
   * raised, the whole output counts as estimated. If the input is raised, only the added part
   * counts as estimated. If all output was speech, or all output was images, the added output
   * counts as such, too.
   */
  public TokenUsage atLeast(long leastInput, long leastOutput) {
    long moreInput = Math.max(0, leastInput - input);
    long moreOutput = Math.max(0, leastOutput - output);
    return moreInput == 0 && moreOutput == 0
        ? this
        : new TokenUsage(
            input + moreInput,
            output + moreOutput,
            parts.withMedia(
                parts.audioInput(),
                more(parts.audioOutput(), moreOutput),
                more(parts.imageOutput(), moreOutput)),
            new EstimatedUsage(
                1,
                estimated.inputTokens() + moreInput,
                moreOutput > 0 ? leastOutput : estimated.outputTokens()));
  }

  private long more(long part, long added) {
    return part > 0 && part == output ? part + added : part;
  }

  /** Returns the sum of this usage and another usage. */
  public TokenUsage plus(TokenUsage more) {
    return new TokenUsage(
        Amounts.sum(input, more.input),
        Amounts.sum(output, more.output),
        parts.plus(more.parts),
        estimated.plus(more.estimated));
  }

  /** Whether all token numbers are zero, because the provider stated none. */
  public boolean isNothing() {
    return input == 0 && output == 0;
  }

  /**
   * Returns the usage of a call whose answer broke off, was abandoned, or does not state the usage.
   * Numbers that the answer states are used. If no input was stated, the request's bytes give an
   * estimate. If pieces of text were forwarded after the provider last stated the number of output
   * tokens, the number of all forwarded pieces gives an estimate of the output. If the stated
   * number is larger than this estimate, the stated number is used.
   *
   * @param bytesIn the size of the request's body
   * @param pieces the number of forwarded pieces of text, each about one token; 0 if no piece was
   *     forwarded after the provider last stated the number of output tokens
   */
  public TokenUsage orEstimated(long bytesIn, long pieces) {
    return orTokens(ofBytes(bytesIn), pieces);
  }

  /**
   * Returns this usage, with estimates for the parts that were not stated.
   *
   * @param estimatedInput the input tokens if no input was stated
   * @param estimatedOutput an estimate of the output tokens, which is used if it is larger than the
   *     stated output
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
