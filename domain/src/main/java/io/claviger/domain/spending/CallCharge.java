package io.claviger.domain.spending;

import io.claviger.domain.Amounts;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.prices.CallCost;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.Price;
import io.claviger.domain.spending.CallUse.Evidence;
import io.claviger.domain.usage.DisputedUsage;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.TokenUsage;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The charge for a call that was sent to its provider. The charged usage is at most what the call
 * could use.
 *
 * @param usage the charged usage
 * @param cost the cost of that usage; empty if there is no price
 * @param disputed the part of the stated usage that is not charged, because the call could not have
 *     used so much
 * @param evidence what is known about the usage
 * @param isOfAsked whether the requested model itself has answered, as far as is known
 * @param tier the tier that the answer states; empty if it states no tier
 * @param fees the charged uses for which there are fees
 * @param hasOthers whether {@code usage} and {@code cost} include the use of other models that the
 *     request names
 */
public record CallCharge(
    TokenUsage usage,
    Optional<CallCost> cost,
    DisputedUsage disputed,
    Evidence evidence,
    boolean isOfAsked,
    Optional<ServiceTier> tier,
    FeesUsed fees,
    boolean hasOthers) {

  /**
   * The use of another model that the request names, as the answer states it.
   *
   * @param prices the prices of the other model
   * @param bounds the maximum use that the other model can have caused
   * @param isSubstitute whether the other model could answer in place of the called model. The
   *     other model's use is then charged in the same service tier as the use of the called model
   */
  public record OfOther(
      TokenUsage usage, CallPrices prices, UseBounds bounds, boolean isSubstitute) {}

  /**
   * Charges a call at the prices of the tier that the answer states, or else of the tier that the
   * request names. If the request does not allow the stated tier, the charge is at most the cost in
   * the most expensive tier that the request allows.
   *
   * @param bounds the maximum use that the call can cause
   * @param prices the prices by which the call is charged
   */
  public static CallCharge of(CallUse use, UseBounds bounds, AnswerPrices prices) {
    Optional<ServiceTier> tier = meant(use.tier(), bounds);
    CallPrices ofTier = ofTier(prices.charging(), tier, bounds.tiers());
    FeesUsed used = use.fees().plus(pages(use, bounds, ofTier));
    FeesUsed statedFees = RequestedFees.likeAsked(used, bounds.fees(), prices.charging());
    FeesUsed fees =
        RequestedFees.likeAsked(used.atMost(bounds.fees()), bounds.fees(), prices.charging());
    boolean isEstimate = prices.isOfOther() || prices.charging().lack(fees);
    TokenUsage stated = isEstimate ? use.usage().estimatedCall() : use.usage();
    TokenUsage charged = bounds.within(stated);
    boolean isFreeIfUnused = use.evidence() == Evidence.REFUSED || bounds.areNothing();
    Optional<CallCost> whole = cost(use, ofTier, stated, statedFees, isFreeIfUnused);
    boolean isWhole = charged.equals(stated) && fees.equals(statedFees);
    Optional<CallCost> ofCharged =
        isWhole ? whole : cost(use, ofTier, charged, fees, isFreeIfUnused);
    if (tier.isPresent() && !bounds.allows(tier.get())) {
      Optional<CallCost> dearest =
          prices.charging().dearestOf(bounds.tiers()).costOf(charged, fees, isFreeIfUnused);
      ofCharged =
          ofCharged.flatMap(
              of -> dearest.map(most -> of.atMost(most.forService(), most.forCallers())));
    }
    Optional<CallCost> cost =
        ofCharged
            .map(of -> prices.isOfOther() ? of.estimatedWhole() : of)
            .map(of -> atMost(of, prices, bounds));
    return new CallCharge(
        charged,
        cost,
        disputed(stated, charged, whole, cost, !fees.equals(statedFees)),
        use.evidence(),
        prices.isOfAsked(),
        use.tier(),
        fees,
        false);
  }

  /**
   * Returns the cost of a use. If the answer states a cost that includes all fees, the fees are at
   * most the part of this cost that the tokens do not explain. The reason is that the fee that a
   * provider publishes for a search can be higher than the fee for this very search.
   */
  private static Optional<CallCost> cost(
      CallUse use, CallPrices prices, TokenUsage usage, FeesUsed fees, boolean isFreeIfUnused) {
    Optional<CallCost> counted = prices.costOf(usage, fees, isFreeIfUnused);
    if (fees.isNone() || !use.includesFees() || !isCostKnown(use)) {
      return counted;
    }
    Optional<CallCost> ofTokens = prices.costOf(usage, isFreeIfUnused);
    return counted.flatMap(
        of -> ofTokens.map(least -> of.withFeesOf(least, use.statedCost().orElseThrow())));
  }

  /**
   * Whether the stated cost can be relied on: the answer states it, the answer is not an error, and
   * the caller did not leave early.
   */
  private static boolean isCostKnown(CallUse use) {
    return use.statedCost().isPresent() && use.evidence() != Evidence.REFUSED && !use.isAbandoned();
  }

  /**
   * Returns how many pages of files the provider has read for a fee. The answer does not state this
   * number. But it states the cost of the whole call, and what remains of this cost after the cost
   * of all other use is the fee for the pages. The result has at most as many pages as the request
   * allows.
   */
  private static FeesUsed pages(CallUse use, UseBounds bounds, CallPrices prices) {
    if (!isCostKnown(use)) {
      return FeesUsed.NONE;
    }
    long rest =
        prices
            .costOf(bounds.within(use.usage()), use.fees().atMost(bounds.fees()), false)
            .map(of -> Math.max(0, use.statedCost().getAsLong() - of.forService()))
            .orElse(0L);
    return FeesUsed.of(
        FeeKind.PAGE,
        Math.min(bounds.fees().count(FeeKind.PAGE), prices.piecesFor(rest, FeeKind.PAGE)));
  }

  /**
   * Returns the stated tier if the call is charged at the prices of that tier; otherwise empty.
   * Also returns empty if the answer states the usual tier but the request does not allow it. In
   * this case, the request chose something that costs more within the usual tier, such as a faster
   * mode.
   */
  private static Optional<ServiceTier> meant(Optional<ServiceTier> stated, UseBounds bounds) {
    boolean isMeant =
        stated.isEmpty()
            || !stated.get().equals(ServiceTier.STANDARD)
            || bounds.allows(ServiceTier.STANDARD);
    return isMeant ? stated : Optional.empty();
  }

  /**
   * Returns the prices of the stated tier, or of the requested tier if no tier is stated. If the
   * request lets the provider choose the tier, returns the prices of the usual tier.
   *
   * @param allowed the tiers that the request allows
   */
  private static CallPrices ofTier(
      CallPrices prices, Optional<ServiceTier> stated, Set<ServiceTier> allowed) {
    if (stated.isPresent()) {
      return prices.ofTier(stated.get());
    }
    Set<ServiceTier> asked = RequestedUse.tierAsked(allowed);
    return asked.isEmpty() ? prices : prices.dearestOf(asked);
  }

  private static CallCost atMost(CallCost cost, AnswerPrices prices, UseBounds bounds) {
    CallPrices bounding = prices.bounding();
    long ofTokens = ofTokens(bounding.forService(), bounds);
    if (cost.forService() <= ofTokens
        && cost.forCallers()
            <= (bounding.areAlike() ? ofTokens : ofTokens(bounding.forCallers(), bounds))) {
      // Most calls end here. So the possible fees of unread bodies need not be added up.
      return cost;
    }
    long forService = most(prices, bounding.forService(), bounds);
    return cost.atMost(
        forService, bounding.areAlike() ? forService : most(prices, bounding.forCallers(), bounds));
  }

  /**
   * Returns the highest possible cost of the call's tokens. The result of {@link #most} includes
   * it.
   */
  private static long ofTokens(Optional<Price> price, UseBounds bounds) {
    return price.isEmpty() ? Long.MAX_VALUE : bounds.dearestTokens(price.get());
  }

  /**
   * Returns the highest possible cost of the call. If another model has answered, this is the cost
   * of a call to that model's most expensive version.
   */
  private static long most(AnswerPrices prices, Optional<Price> price, UseBounds bounds) {
    if (price.isEmpty()) {
      return Long.MAX_VALUE;
    }
    long most = bounds.dearest(price.get());
    if (!prices.isOfAsked()) {
      for (Price version : prices.bounding().versions()) {
        most = Math.max(most, bounds.dearest(version));
      }
    }
    return most;
  }

  private static DisputedUsage disputed(
      TokenUsage stated,
      TokenUsage charged,
      Optional<CallCost> whole,
      Optional<CallCost> cost,
      boolean areFeesDisputed) {
    long tokens = Amounts.sum(stated.input() - charged.input(), stated.output() - charged.output());
    long beyond = difference(whole, cost);
    return areFeesDisputed
        ? new DisputedUsage(1, tokens, beyond)
        : DisputedUsage.ofCall(tokens, beyond);
  }

  private static long difference(Optional<CallCost> whole, Optional<CallCost> charged) {
    return whole.isEmpty()
        ? 0
        : Math.max(
            0, whole.get().forService() - (charged.isEmpty() ? 0 : charged.get().forService()));
  }

  /**
   * Returns this charge plus the use of the other models, each at its own price. The model that
   * answers need not have a price.
   *
   * @param others the other models that used tokens; empty if the answer does not state the use of
   *     each model
   */
  public CallCharge withOthers(Optional<List<OfOther>> others) {
    if (others.isEmpty()) {
      return this;
    }
    TokenUsage all = usage;
    Optional<CallCost> sum = cost;
    long beyond = 0;
    long beyondCost = 0;
    for (OfOther each : others.get()) {
      TokenUsage used = each.bounds().within(each.usage());
      CallPrices at =
          each.isSubstitute()
              ? ofTier(each.prices(), meant(tier, each.bounds()), each.bounds().tiers())
              : each.prices();
      Optional<CallCost> whole = at.costOf(each.usage(), false);
      Optional<CallCost> charged =
          at.costOf(used, false)
              .map(of -> atMost(of, AnswerPrices.of(each.prices()), each.bounds()));
      all = all.plus(used);
      if (charged.isPresent()) {
        sum = Optional.of(sum.orElse(CallCost.NONE).plus(charged.get()));
      }
      beyond += each.usage().input() - used.input() + each.usage().output() - used.output();
      beyondCost = Amounts.sum(beyondCost, difference(whole, charged));
    }
    DisputedUsage both =
        beyond == 0 && beyondCost == 0
            ? disputed
            : new DisputedUsage(
                1,
                Amounts.sum(disputed.tokens(), beyond),
                Amounts.sum(disputed.cost(), beyondCost));
    return new CallCharge(all, sum, both, evidence, isOfAsked, tier, fees, true);
  }

  /** Returns the number of charged tokens, input and output together. */
  public long tokens() {
    return Amounts.sum(usage.input(), usage.output());
  }

  /**
   * Returns the amount to charge to one budget, in nano-dollars, tokens or requests; 0 dollars if
   * there is no price. If the answer does not state the use of the other models that the request
   * names, the amount that was reserved for these models is charged. A complete answer, in
   * contrast, states the use of the model that answered, so that other models that might have
   * answered instead cost nothing.
   *
   * @param estimate the estimate on which the call's reservation was based
   * @param reserved the amount that the call has reserved in the budget, as {@link
   *     CallEstimate#reservationFor} states it. A stated use below this amount is charged as it is,
   *     so the most that a strict budget may be charged need not be computed again. The reservation
   *     can only exceed this most if the most is 0, and then it is {@link
   *     io.claviger.domain.budgets.Budget#LEAST_DOLLARS}, which is the smallest amount that there
   *     is
   */
  public long amountFor(BudgetMeter meter, CallEstimate estimate, long reserved) {
    long used = used(meter, estimate);
    BudgetBound bound = meter.budget().bound();
    if (bound == BudgetBound.MEASURED || (evidence != Evidence.UNKNOWN && used < reserved)) {
      return used;
    }
    boolean isInputExact = evidence == Evidence.UNKNOWN && isOfAsked;
    return charged(
        bound,
        evidence,
        used,
        isInputExact ? estimate.mostAfter(meter, usage) : estimate.reserved(meter));
  }

  /** Does the same for a call that has reserved what its estimate states. */
  long amountFor(BudgetMeter meter, CallEstimate estimate) {
    return amountFor(
        meter,
        estimate,
        estimate.reservationFor(meter) instanceof CallEstimate.Bound.Of bound ? bound.amount() : 0);
  }

  private long used(BudgetMeter meter, CallEstimate estimate) {
    long stated =
        switch (meter.budget().unit()) {
          case REQUESTS -> 1;
          case TOKENS -> tokens();
          case USD -> cost.isPresent() ? cost.get().chargedTo(meter) : 0;
        };
    if (hasOthers || evidence == Evidence.REFUSED) {
      return stated;
    }
    long ofOthers =
        evidence == Evidence.STATED
            ? estimate.amountBesideAnswer(meter)
            : estimate.amountOfOthers(meter);
    return Amounts.sum(stated, ofOthers);
  }

  /**
   * Returns the amount that is charged to one budget. Under a strict budget, a call whose usage is
   * not stated costs the reserved amount, and no call costs more than the reserved amount.
   *
   * @param used the amount of use, stated or estimated; at most what the call could use
   * @param reserved the amount that was reserved in a strict budget
   */
  static long charged(BudgetBound bound, Evidence evidence, long used, long reserved) {
    if (bound == BudgetBound.MEASURED) {
      return used;
    }
    return evidence == Evidence.UNKNOWN ? reserved : Math.min(used, reserved);
  }
}
