package io.claviger.domain.spending;

import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.prices.CallCost;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.Cost;
import io.claviger.domain.prices.Price;
import io.claviger.domain.spending.CallUse.Evidence;
import io.claviger.domain.usage.DisputedUsage;
import io.claviger.domain.usage.TokenUsage;
import java.util.Optional;

/**
 * What a call that was sent to its provider is charged: its usage, but never more than it could use
 * at most.
 *
 * @param usage the usage that is charged
 * @param cost the cost of that usage; empty if there is no price
 * @param disputed what the provider stated beyond that usage
 * @param evidence how the usage became known
 * @param isOfAsked whether the model that was asked for has answered, as far as is known
 */
public record CallCharge(
    TokenUsage usage,
    Optional<CallCost> cost,
    DisputedUsage disputed,
    Evidence evidence,
    boolean isOfAsked) {

  /**
   * @param bounds the most that the call could use
   * @param prices the prices by which the call is charged
   */
  public static CallCharge of(CallUse use, UseBounds bounds, AnswerPrices prices) {
    TokenUsage stated = prices.isOfOther() ? use.usage().estimatedCall() : use.usage();
    TokenUsage charged = bounds.within(stated);
    boolean refused = use.evidence() == Evidence.REFUSED;
    Optional<CallCost> whole = prices.charging().costOf(stated, refused);
    Optional<CallCost> ofCharged =
        charged.equals(stated) ? whole : prices.charging().costOf(charged, refused);
    Optional<CallCost> cost =
        ofCharged
            .map(of -> prices.isOfOther() ? of.estimatedWhole() : of)
            .map(of -> atMost(of, prices.bounding(), bounds));
    return new CallCharge(
        charged, cost, disputed(stated, charged, whole, cost), use.evidence(), prices.isOfAsked());
  }

  private static CallCost atMost(CallCost cost, CallPrices prices, UseBounds bounds) {
    long forService = most(prices.forService(), bounds);
    return cost.atMost(
        forService, prices.areAlike() ? forService : most(prices.forCallers(), bounds));
  }

  private static long most(Optional<Price> price, UseBounds bounds) {
    return price
        .map(one -> Cost.atMost(one, bounds.input(), bounds.output(), bounds.images()))
        .orElse(Long.MAX_VALUE);
  }

  private static DisputedUsage disputed(
      TokenUsage stated, TokenUsage charged, Optional<CallCost> whole, Optional<CallCost> cost) {
    long tokens = Amounts.sum(stated.input() - charged.input(), stated.output() - charged.output());
    long beyond =
        whole.map(CallCost::forService).orElse(0L) - cost.map(CallCost::forService).orElse(0L);
    return DisputedUsage.ofCall(tokens, Math.max(0, beyond));
  }

  /** Input and output. */
  public long tokens() {
    return Amounts.sum(usage.input(), usage.output());
  }

  /**
   * What one budget is charged, in the smallest part of its unit; 0 dollars without a price. No
   * answer states separately what the other models in the request used, so they are charged with
   * what was reserved for them.
   *
   * @param estimate the estimate by which the call has reserved of the budget
   */
  public long amountFor(BudgetMeter meter, CallEstimate estimate) {
    long stated =
        switch (meter.budget().unit()) {
          case REQUESTS -> 1;
          case TOKENS -> tokens();
          case USD ->
              cost.map(of -> CallEstimate.isOfService(meter) ? of.forService() : of.forCallers())
                  .orElse(0L);
        };
    long ofOthers = evidence == Evidence.REFUSED ? 0 : estimate.amountOfOthers(meter);
    long used = Amounts.sum(stated, ofOthers);
    BudgetBound bound = meter.budget().bound();
    if (bound == BudgetBound.MEASURED) {
      return charged(bound, evidence, used, used);
    }
    boolean isInputExact = evidence == Evidence.UNKNOWN && isOfAsked;
    return charged(
        bound,
        evidence,
        used,
        isInputExact ? estimate.mostAfter(meter, usage) : estimate.reserved(meter));
  }

  /**
   * What one budget is charged. Under a strict budget, a call without stated usage costs what was
   * reserved, and no call costs more than that.
   *
   * @param used the stated or estimated use, at most what the call could use
   * @param reserved what was reserved of a strict budget
   */
  static long charged(BudgetBound bound, Evidence evidence, long used, long reserved) {
    if (bound == BudgetBound.MEASURED) {
      return used;
    }
    return evidence == Evidence.UNKNOWN ? reserved : Math.min(used, reserved);
  }
}
