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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Everything that determines the charge of a call.
 *
 * @param use the known use of the call, such as its tokens
 * @param asked the use that the request asks for; empty if the request's body was not parsed
 * @param isStrict whether the maximum cost of the call is reserved in a strict budget
 * @param charge what is charged to the budgets; this amount is also the cost in the usage; empty if
 *     the prices were not needed for a budget
 * @param later the future that completes with the charge to the budgets; present while a price is
 *     still being looked up
 */
public record ChargedCall(
    ChargePolicy charging,
    CallUse use,
    Optional<RequestedUse> asked,
    boolean isStrict,
    Optional<CallCharge> charge,
    Optional<CompletableFuture<CallCharge>> later) {
  /** Creates the data about the charge of a call whose prices need not be looked up for budgets. */
  public ChargedCall(
      ChargePolicy charging,
      CallUse use,
      Optional<RequestedUse> asked,
      boolean isStrict,
      Optional<CallCharge> charge) {
    this(charging, use, asked, isStrict, charge, Optional.empty());
  }

  /** Returns the data about the charge of a call that used no tokens. */
  public static ChargedCall ofNothing(ChargePolicy charging) {
    return new ChargedCall(
        charging,
        CallUse.of(TokenUsage.NONE, CallUse.Evidence.STATED),
        Optional.of(RequestedUse.nothing(UsageModel.UNKNOWN)),
        false,
        Optional.empty());
  }

  /**
   * Returns the amount that is charged for the call.
   *
   * @param bodyBytes the size of the request's body
   * @param model the model under which the call is counted; {@code prices} are the prices of this
   *     model
   * @param answered the prices of the model that answered the call
   * @param ofOthers the prices of the models in {@link #others}
   */
  CallCharge charged(
      long bodyBytes,
      UsageModel model,
      CallPrices prices,
      CallPrices answered,
      Map<UsageModel, CallPrices> ofOthers) {
    UseBounds bounds =
        asked
            .map(of -> UseBounds.of(of, prices.bounds()))
            .orElseGet(() -> UseBounds.ofUnread(bodyBytes, prices.bounds()));
    CallUse used = asked.map(use::of).orElseGet(() -> use.of(Set.of()));
    return CallCharge.of(
            used,
            bounds,
            AnswerPrices.of(
                model,
                prices,
                used.answeredBy(),
                answered,
                isStrict && asked.filter(used::isBySubstitute).isEmpty()))
        .withOthers(used.others().map(stated -> ofOthers(stated, ofOthers)));
  }

  private List<CallCharge.OfOther> ofOthers(
      Map<UsageModel, TokenUsage> stated, Map<UsageModel, CallPrices> prices) {
    List<CallCharge.OfOther> others = new ArrayList<>();
    stated.forEach(
        (model, usage) -> {
          CallPrices of = prices.getOrDefault(model, CallPrices.NONE);
          RequestedUse request = asked.orElseThrow();
          others.add(
              new CallCharge.OfOther(
                  usage,
                  of,
                  UseBounds.of(request.ofOther(model), of.bounds()),
                  request.mayAnswer(model)));
        });
    return others;
  }

  /** Returns the models, other than the model that answered, for which the answer states a use. */
  Set<UsageModel> others() {
    boolean isStated = use.others().filter(stated -> !stated.isEmpty()).isPresent();
    return isStated ? asked.map(RequestedUse::others).orElse(Set.of()) : Set.of();
  }

  /** Returns the service tier that the request states; empty if the request states none. */
  Optional<ServiceTier> tierAsked() {
    return asked.flatMap(RequestedUse::tier);
  }
}
