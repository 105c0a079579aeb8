package io.claviger.domain.spending;

import io.claviger.domain.Amounts;
import io.claviger.domain.fairness.PaceCounting;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.usage.TokenUsage;
import java.util.Optional;

/** Computes how much of its provider's limits per minute a call uses. */
public final class CallPace {
  private CallPace() {}

  /**
   * The expected use of a call: the use of recent calls of the model, but with no more output than
   * the call requests.
   *
   * @param asked the use that the request asks for
   * @param observed the use of earlier calls
   */
  public static PaceUse expected(RequestedUse asked, ObservedUse observed) {
    return new CallEstimate(
            asked,
            CallPrices.NONE,
            observed,
            asked.others().stream()
                .map(
                    other ->
                        new CallEstimate(asked.ofOther(other), CallPrices.NONE, ObservedUse.NONE))
                .toList())
        .expectedPace();
  }

  /** The tokens of input that count against the limits. */
  public static long input(TokenUsage usage, PaceCounting counting) {
    return counting.cacheReads()
        ? usage.input()
        : Math.max(0, usage.input() - usage.parts().cachedInput());
  }

  /**
   * Returns the use of a call that was sent. If the use of the call is unknown, the result is the
   * larger of the expected use and the use that the answer shows.
   *
   * @param expected the expected use; empty if it is unknown
   */
  public static PaceUse used(CallUse used, Optional<PaceUse> expected, PaceCounting counting) {
    PaceUse known = PaceUse.ofCall(input(used.usage(), counting), used.usage().output());
    return used.evidence() != CallUse.Evidence.UNKNOWN || expected.isEmpty()
        ? known
        : PaceUse.ofCall(
            Math.max(known.input(), expected.get().input()),
            Math.max(known.output(), expected.get().output()));
  }

  /**
   * Returns how much the provider has counted against its limits for a call. The result is more
   * than the use of the call if the provider counts the output maximum in the request. The borrower
   * is charged this amount, but the remaining amounts of the limits are known from the provider's
   * answers.
   *
   * @param counted the result of {@link #used}
   * @param asked the use that the request asks for
   */
  public static PaceUse taken(
      CallUse used, PaceUse counted, RequestedUse asked, PaceCounting counting) {
    boolean counts =
        counting.statedOutput()
            && used.evidence() != CallUse.Evidence.REFUSED
            && asked.kind().answersInTokens();
    long stated = counts ? Amounts.product(asked.statedOutput().orElse(0), asked.answers()) : 0;
    return PaceUse.ofCall(counted.input(), Math.max(counted.output(), stated));
  }
}
