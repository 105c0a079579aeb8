package io.claviger.domain.spending;

import io.claviger.domain.Amounts;
import io.claviger.domain.usage.TokenUsage;
import java.util.concurrent.TimeUnit;

/**
 * Estimates what a call has used that was sent to its provider and ended before any answer. The
 * first tokens of a stream arrive at once, so a stream without any has used little. Without a
 * stream, the provider may have been writing all the time. So may it while a stream is silent that
 * its caller leaves in the end, because models can reason unseen.
 */
public final class UnansweredUse {
  /** The pace of a fast model. */
  private static final long TOKENS_A_SECOND = 200;

  /** What a tool of the provider brings into each later reading of the input. */
  private static final long TOKENS_OF_RESULT = 8_192;

  private UnansweredUse() {}

  /** Whether this class can estimate operations of this kind. */
  public static boolean isKnownFor(OperationKind kind) {
    return kind == OperationKind.TEXT || kind == OperationKind.INPUT;
  }

  /**
   * @param bytesIn the size of the request's body
   * @param nanos the nanoseconds since the request was sent
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
   * The use of a call that its caller has left. What was written unseen is added to what has
   * passed, but no more than the request allows. Each run of a tool of the provider lets the model
   * read the input once more, with what the tools have brought until then; what is stated at the
   * beginning is one reading. If all of the use is stated, nothing changes.
   *
   * @param passed the use as far as the answer shows it
   * @param silentNanos the nanoseconds in which nothing of the answer came
   * @param runs how many runs of tools of the provider the answer shows
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
