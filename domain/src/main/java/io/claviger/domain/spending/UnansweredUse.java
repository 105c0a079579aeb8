package io.claviger.domain.spending;

import io.claviger.domain.Amounts;
import io.claviger.domain.usage.TokenUsage;
import java.util.concurrent.TimeUnit;

/**
 * Estimates what a call has used that was sent to its provider and ended before any answer. The
 * first tokens of a stream arrive at once, so a stream without any has used little. Without a
 * stream, the provider may have been writing all the time.
 */
public final class UnansweredUse {
  /** The pace of a fast model. */
  private static final long TOKENS_A_SECOND = 200;

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
    long written = Amounts.product(nanos, TOKENS_A_SECOND) / TimeUnit.SECONDS.toNanos(1);
    return TokenUsage.NONE.orEstimated(bytesIn, Math.min(most, written));
  }
}
