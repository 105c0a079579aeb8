package io.claviger.application.usage;

import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.spending.AnswerPrices;
import io.claviger.domain.spending.CallCharge;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.spending.UseBounds;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import java.util.Optional;

/**
 * How one call is charged.
 *
 * @param use what is known of the call's use
 * @param asked what the request asked for; empty if the body was not read for it
 * @param isStrict whether a strict budget has reserved what the call may cost
 * @param charge what budgets were charged, which is also the cost in the usage; empty if no budget
 *     needed the prices
 */
public record ChargedCall(
    ChargePolicy charging,
    CallUse use,
    Optional<RequestedUse> asked,
    boolean isStrict,
    Optional<CallCharge> charge) {
  /** A call that used no tokens. */
  public static ChargedCall ofNothing(ChargePolicy charging) {
    return new ChargedCall(
        charging,
        CallUse.of(TokenUsage.NONE, CallUse.Evidence.STATED),
        Optional.of(RequestedUse.nothing(UsageModel.UNKNOWN)),
        false,
        Optional.empty());
  }

  /**
   * The charge of the call.
   *
   * @param bodyBytes the size of the request's body
   * @param model the model for which the call is counted, and its prices
   * @param answered the prices of the model that answered
   */
  CallCharge charged(long bodyBytes, UsageModel model, CallPrices prices, CallPrices answered) {
    UseBounds bounds =
        asked
            .map(use -> UseBounds.of(use, prices.bounds()))
            .orElseGet(() -> UseBounds.ofUnread(bodyBytes, prices.bounds()));
    return CallCharge.of(
        use, bounds, AnswerPrices.of(model, prices, use.answeredBy(), answered, isStrict));
  }

  /** The tier that the request asked for, as far as it says. */
  Optional<ServiceTier> tierAsked() {
    return asked.flatMap(RequestedUse::tier);
  }
}
