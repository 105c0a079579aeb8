package io.claviger.domain.spending;

import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.prices.CallPrices;
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

  /**
   * What a call has used that was sent. If nobody knows that, it counts as what it was expected to
   * use, or more if more has passed.
   *
   * @param expected empty if nothing was expected
   */
  public static PaceUse used(CallUse used, Optional<PaceUse> expected) {
    PaceUse known = PaceUse.ofCall(used.usage().input(), used.usage().output());
    return used.evidence() != CallUse.Evidence.UNKNOWN || expected.isEmpty()
        ? known
        : PaceUse.ofCall(
            Math.max(known.input(), expected.get().input()),
            Math.max(known.output(), expected.get().output()));
  }
}
