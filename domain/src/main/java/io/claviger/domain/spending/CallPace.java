package io.claviger.domain.spending;

import io.claviger.domain.Amounts;
import io.claviger.domain.fairness.PaceCounting;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.usage.TokenUsage;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Computes how much a call uses of its provider's limits per minute. */
public final class CallPace {
  private CallPace() {}

  /**
   * Returns the expected use of a call: the use of recent calls of the model, but at most the
   * output that the call requests.
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

  /** Returns the number of input tokens that count against the provider's limits. */
  public static long input(TokenUsage usage, PaceCounting counting) {
    return counting.cacheReads()
        ? usage.input()
        : Math.max(0, usage.input() - usage.parts().cachedInput());
  }

  /**
   * Returns the use of a call that was sent. If the use of the call is unknown, the result is the
   * expected use, or the use that the answer shows if that is larger.
   *
   * @param expected the use that is expected; empty if that is unknown
   */
  public static PaceUse used(CallUse used, Optional<PaceUse> expected, PaceCounting counting) {
    PaceUse known = ofAll(used, counting);
    return used.evidence() != CallUse.Evidence.UNKNOWN || expected.isEmpty()
        ? known
        : PaceUse.ofCall(
            Math.max(known.input(), expected.get().input()),
            Math.max(known.output(), expected.get().output()));
  }

  /** Returns the known use of all models whose use the answer states separately. */
  private static PaceUse ofAll(CallUse used, PaceCounting counting) {
    long input = input(used.usage(), counting);
    long output = used.usage().output();
    for (TokenUsage other : used.others().map(Map::values).orElse(List.of())) {
      input = Amounts.sum(input, input(other, counting));
      output = Amounts.sum(output, other.output());
    }
    return PaceUse.ofCall(input, output);
  }

  /**
   * Returns how much a call counts against the provider's limits. If the provider counts the output
   * maximum in the request, the result is larger than the call's use. The result is added only to
   * the borrower's use. The remaining amounts of the limits are read from the provider's answers.
   *
   * @param counted the use that {@link #used} returned
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
