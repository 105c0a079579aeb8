package io.claviger.domain.spending;

import io.claviger.domain.Amounts;
import io.claviger.domain.usage.TokenUsage;
import java.util.concurrent.TimeUnit;

/**
 * Estimates the use of a call that was sent to its provider but ended without an answer. The first
 * tokens of a stream arrive soon, so a stream without any tokens has used little. An answer that is
 * not streamed might have been in progress since the request was sent. While a stream is silent,
 * the model might be reasoning, and the stream might not contain the reasoning tokens.
 */
public final class UnansweredUse {
  /** The tokens that a fast model writes in a second. */
  private static final long TOKENS_A_SECOND = 200;

  /**
   * The tokens that each run of a provider's tool adds to the input, which the model then reads
   * again.
   */
  private static final long TOKENS_OF_RESULT = 8_192;

  private UnansweredUse() {}

  /** Whether this class can estimate the use of operations of the given kind. */
  public static boolean isKnownFor(OperationKind kind) {
    return kind == OperationKind.TEXT || kind == OperationKind.INPUT;
  }

  /**
   * @param bytesIn the size of the request's body
   * @param nanos the time since the request was sent, in nanoseconds
   */
  public static TokenUsage of(RequestedUse use, long bytesIn, long nanos) {
    if (!isKnownFor(use.kind())) {
      return TokenUsage.NONE;
    }
    long most = use.streams() ? 0 : use.statedOutputInAll().orElse(Long.MAX_VALUE);
    return TokenUsage.NONE.orEstimated(bytesIn, Math.min(most, written(nanos)));
  }

  private static long written(long nanos) {
    return Amounts.product(nanos, TOKENS_A_SECOND) / TimeUnit.SECONDS.toNanos(1);
  }

  /**
   * Returns the use of a call whose caller has left. Adds an estimate of hidden output to the use
   * that the answer shows, up to the output that the request allows. After each run of a provider's
   * tool, the model reads the input again, together with the results of all tools so far. The input
   * that an answer states at its beginning is what the model reads the first time. If the answer
   * states the whole use, returns that use.
   *
   * @param passed the part of the use that the answer has shown so far
   * @param silentNanos the time for which no part of the answer has arrived, in nanoseconds
   * @param runs the number of runs of the provider's tools that the answer shows
   */
  public static CallUse ofLeft(CallUse passed, RequestedUse asked, long silentNanos, long runs) {
    CallUse left = passed.abandoned();
    if (!left.isAbandoned() || !isKnownFor(asked.kind())) {
      return left;
    }
    TokenUsage usage = left.usage();
    long most = asked.statedOutputInAll().orElse(Long.MAX_VALUE);
    long written = Math.min(most, Amounts.sum(usage.output(), written(silentNanos)));
    return left.with(
        usage.atLeast(readings(usage.input(), Math.min(runs, asked.roundsAtMost() - 1)), written));
  }

  private static long readings(long input, long runs) {
    return Amounts.sum(
        Amounts.product(input, 1 + runs), Amounts.product(TOKENS_OF_RESULT, runs * (runs + 1) / 2));
  }
}
