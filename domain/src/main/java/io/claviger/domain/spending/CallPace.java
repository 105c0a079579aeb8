package io.claviger.domain.spending;

import io.claviger.domain.Amounts;
import io.claviger.domain.fairness.PaceCounting;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.usage.TokenUsage;
import java.util.Optional;

/** What a call takes of what its provider allows in a minute. */
public final class CallPace {
  private CallPace() {}

  /**
   * What a call is expected to use: as recent calls of the model did, and no more output than it
   * asks for.
   *
   * @param asked what the request asks for
   * @param observed what earlier calls have used
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

  /** The input that counts. */
  public static long input(TokenUsage usage, PaceCounting counting) {
    return counting.cacheReads()
        ? usage.input()
        : Math.max(0, usage.input() - usage.parts().cachedInput());
  }

  /**
   * What a call has used that was sent. If its use is unknown, the larger of what was expected and
   * what has passed counts.
   *
   * @param expected empty if nothing was expected
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
   * What the provider has taken of its limits for a call, which is more than it used if the maximum
   * counts that its request states. The call's borrower has had so much, but what is left is
   * learned from what answers say.
   *
   * @param counted what {@link #used} returned
   * @param asked what the request asks for
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
