package io.claviger.domain.spending;

import io.claviger.domain.Amounts;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetMeter;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.fairness.PaceUse;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.Cost;
import io.claviger.domain.prices.Price;
import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/**
 * The amount of a budget that is reserved for a call. Under a {@code strict} budget, the estimate
 * is the most that the call can use, provided that the provider obeys the output maximum in the
 * request. Under a {@code measured} budget, the estimate is the mean use of recent calls of the
 * model, plus a margin. The estimated output is at most what the request and the model allow.
 *
 * @param prices the prices of the call and the bounds of its model
 * @param observed the use of earlier calls of the model
 * @param others the estimates for the other models that the request names, each with its own price
 */
public record CallEstimate(
    RequestedUse use, CallPrices prices, ObservedUse observed, List<CallEstimate> others) {
  public CallEstimate {
    others = List.copyOf(others);
  }

  /** The estimate of a call that names no other model. */
  public CallEstimate(RequestedUse use, CallPrices prices, ObservedUse observed) {
    this(use, prices, observed, List.of());
  }

  /** The reason why nothing can be reserved for a call. */
  public enum Obstacle {
    /** The budget counts dollars, and the model has no price. */
    MODEL_HAS_NO_PRICE,
    /**
     * The budget counts dollars, and the model has a price only per piece, such as per image. The
     * number of pieces that the operation uses is unknown.
     */
    OPERATION_HAS_NO_PRICE,
    /** The budget counts dollars, and the price has no rates for the requested tier. */
    TIER_HAS_NO_PRICE,
    /** The budget counts dollars, and the price has no fee for a tool of the provider. */
    FEE_HAS_NO_PRICE,
    /** Neither the request nor the model limits the output. */
    OUTPUT_UNBOUNDED,
    /** The size of the input is unknown: it could be larger than the body. */
    INPUT_UNBOUNDED
  }

  /** The amount of a budget to reserve, or the reason why nothing can be reserved. */
  public sealed interface Bound {
    /**
     * @param amount the amount in nano-dollars, tokens or requests; 0 if the call uses nothing that
     *     the budget counts
     */
    record Of(long amount) implements Bound {}

    record Missing(Obstacle why) implements Bound {}

    /** What a call takes from a budget that counts requests. */
    Bound OF_REQUEST = new Of(1);
  }

  /**
   * Returns how much of a budget to reserve for the call. The amounts of all models that the call
   * names are added up, because the call could use each of these models. Under a {@code measured}
   * budget, other models without a price are ignored, unless they could answer in place of the
   * called model.
   */
  public Bound amountFor(BudgetMeter meter) {
    Bound bound = amountOfModel(meter);
    if (meter.budget().unit() == BudgetUnit.REQUESTS) {
      return bound;
    }
    for (CallEstimate other : others) {
      if (!(bound instanceof Bound.Of sum)) {
        return bound;
      }
      bound =
          switch (other.amountOfModel(meter)) {
            case Bound.Of more -> new Bound.Of(Amounts.sum(sum.amount(), more.amount()));
            case Bound.Missing missing ->
                meter.budget().bound() == BudgetBound.STRICT || other.isSubstituteIn(this)
                    ? missing
                    : sum;
          };
    }
    return bound;
  }

  /**
   * Returns how much of a budget to reserve when the call is sent: the amount of {@link #amountFor}
   * or, for a budget in dollars, {@link Budget#LEAST_DOLLARS} if that is more. For a free model,
   * the amount can be lower. The final charge can be higher.
   */
  public Bound reservationFor(BudgetMeter meter) {
    Bound bound = amountFor(meter);
    boolean isOfDollars = meter.budget().unit() == BudgetUnit.USD && !isUncharged();
    if (!isOfDollars || !(bound instanceof Bound.Of of) || of.amount() >= Budget.LEAST_DOLLARS) {
      return bound;
    }
    boolean isFree = priceFor(meter).filter(price -> price.terms().isFree()).isPresent();
    return isFree ? bound : new Bound.Of(Budget.LEAST_DOLLARS);
  }

  /**
   * Returns the maximum amount that can be charged to a budget for the call, regardless of the
   * estimate; 0 dollars without a price. This method assumes that the most expensive version of the
   * model answers. An answer might state the use of each model separately, so that each model's
   * price applies to its use, or only the use of all models together. The result is the maximum of
   * both cases.
   *
   * @param bounds the maximum use that this call can cause
   */
  public long mostFor(BudgetMeter meter, UseBounds bounds) {
    long most = mostOfModel(meter, bounds);
    if (others.isEmpty() || meter.budget().unit() == BudgetUnit.REQUESTS) {
      return most;
    }
    long apart = mostOfModel(meter, ownBounds());
    for (CallEstimate other : others) {
      apart = Amounts.sum(apart, other.mostOfModel(meter, other.ownBounds()));
    }
    return Math.max(apart, Amounts.sum(most, amountOfOthers(meter)));
  }

  /**
   * Whether the model of this estimate could answer in place of the called model of the given
   * estimate.
   */
  private boolean isSubstituteIn(CallEstimate call) {
    return call.use.mayAnswer(use.model());
  }

  private long mostOfModel(BudgetMeter meter, UseBounds bounds) {
    return switch (meter.budget().unit()) {
      case REQUESTS -> 1;
      case TOKENS -> Amounts.sum(bounds.input(), bounds.output());
      case USD -> {
        Optional<Price> price = priceFor(meter);
        long most = price.isPresent() ? bounds.dearest(price.get()) : 0;
        if (price.isPresent() && !prices.versions().isEmpty()) {
          for (Price version : prices.versions()) {
            most = Math.max(most, bounds.dearest(version));
          }
        }
        yield most;
      }
    };
  }

  private Bound amountOfModel(BudgetMeter meter) {
    Budget budget = meter.budget();
    return switch (budget.unit()) {
      case REQUESTS -> Bound.OF_REQUEST;
      case TOKENS -> tokens(budget.bound());
      case USD -> dollars(meter, priceFor(meter));
    };
  }

  /**
   * Returns the maximum that the call can use with all models that the request names. For a model
   * without known bounds, this method assumes the bounds of most models.
   */
  public UseBounds bounds() {
    UseBounds all = ownBounds();
    for (CallEstimate other : others) {
      all = all.plus(other.bounds());
    }
    return all;
  }

  /**
   * Returns the maximum that the call can use, without the use of the other models that the request
   * names.
   */
  private UseBounds ownBounds() {
    return isUncharged() ? UseBounds.NOTHING : UseBounds.of(use, prices.bounds());
  }

  /**
   * Returns the maximum that the answering model can have used. If the answer does not state the
   * other models' use separately, the result includes their use.
   *
   * @param bounds the maximum use that this call can cause
   */
  public UseBounds boundsOf(CallUse used, UseBounds bounds) {
    return used.others().isEmpty() || others.isEmpty() ? bounds : ownBounds();
  }

  /** Returns the amount that was reserved in a strict budget. */
  long reserved(BudgetMeter meter) {
    return amountFor(meter) instanceof Bound.Of reserved ? reserved.amount() : 0;
  }

  /**
   * Returns the most that the call can have spent from a strict budget. The result is the reserved
   * amount, or less if the provider stated the input and reads the input only once.
   *
   * @param usage the known part of the usage
   */
  long mostAfter(BudgetMeter meter, TokenUsage usage) {
    long reserved = reserved(meter);
    long input = usage.input() - usage.estimated().inputTokens();
    OptionalLong output = outputAtMost();
    boolean isReadOnce = use.rounds() == 1 && !use.unboundedTools() && others.isEmpty();
    if (input <= 0 || output.isEmpty() || !isReadOnce) {
      return reserved;
    }
    long rest =
        switch (meter.budget().unit()) {
          case REQUESTS -> reserved;
          case TOKENS -> Amounts.sum(input, output.getAsLong());
          case USD -> priceFor(meter).map(price -> dollars(price, input, usage, output)).orElse(0L);
        };
    return Math.min(reserved, rest);
  }

  private long dollars(Price price, long input, TokenUsage usage, OptionalLong output) {
    long most = mostAfter(priced(BudgetBound.STRICT, price), input, usage, output);
    for (Price version : prices.versions()) {
      Price dearest = priced(BudgetBound.STRICT, version);
      most = Math.max(most, mostAfter(dearest, input, usage, output));
    }
    return most;
  }

  private long mostAfter(Price dearest, long input, TokenUsage usage, OptionalLong output) {
    return Amounts.sum(
        Cost.of(dearest, TokenUsage.stated(input, 0, usage.parts())),
        Cost.atMost(dearest, 0, output.getAsLong(), use.images(), use.feesAtMost()));
  }

  /**
   * Returns the rates for the reservation. Under a strict budget, these are the highest rates of
   * all tiers that the request allows; otherwise, the rates of the requested tier.
   */
  private Price priced(BudgetBound bound, Price price) {
    return bound == BudgetBound.STRICT
        ? price.dearestOf(use.tiers())
        : use.tierAsked().isEmpty() ? price : price.dearestOf(use.tierAsked());
  }

  /**
   * Returns the uses that cost a fee and for which an amount is reserved. Under a measured budget,
   * the usual quality is assumed if the request does not state a quality. If the request does not
   * limit the provider's tools, one use of each tool is assumed. Later, observed calls show the
   * real number of uses. Of the images that a tool can read to make images, one is assumed.
   */
  private FeesUsed fees(BudgetBound bound) {
    FeesUsed most = use.feesAtMost();
    if (bound == BudgetBound.STRICT || most.isNone()) {
      return most;
    }
    return RequestedFees.usual(
        use.unboundedTools() ? use.feesOnce() : RequestedFees.readingOneImage(most));
  }

  public Optional<Price> priceFor(BudgetMeter meter) {
    return meter.isOfService() ? prices.forService() : prices.forCallers();
  }

  private Bound tokens(BudgetBound bound) {
    OptionalLong input = input(bound);
    OptionalLong output = output(bound);
    return input.isEmpty() || output.isEmpty()
        ? new Bound.Missing(obstacle(input))
        : new Bound.Of(Amounts.sum(input.getAsLong(), output.getAsLong()));
  }

  private static Obstacle obstacle(OptionalLong input) {
    return input.isEmpty() ? Obstacle.INPUT_UNBOUNDED : Obstacle.OUTPUT_UNBOUNDED;
  }

  private Bound dollars(BudgetMeter meter, Optional<Price> price) {
    Budget budget = meter.budget();
    if (isUncharged()) {
      return new Bound.Of(0);
    }
    if (price.isEmpty()) {
      return withoutPrice(budget, Obstacle.MODEL_HAS_NO_PRICE);
    }
    Price priced = priced(budget.bound(), price.get());
    if (!says(priced)) {
      return withoutPrice(budget, Obstacle.OPERATION_HAS_NO_PRICE);
    }
    boolean isStrict = budget.bound() == BudgetBound.STRICT;
    boolean needsPrices = isStrict || !budget.allowsUnpriced();
    if (needsPrices && use.asksForTierWithoutPrice(price.get())) {
      return new Bound.Missing(Obstacle.TIER_HAS_NO_PRICE);
    }
    OptionalLong input = input(budget.bound());
    OptionalLong output = output(budget.bound());
    boolean isInputMissing = input.isEmpty() && !isFree(priced, Price::dearestInput);
    if (isInputMissing || (output.isEmpty() && !isFree(priced, Price::dearestOutput))) {
      return new Bound.Missing(
          isInputMissing ? Obstacle.INPUT_UNBOUNDED : Obstacle.OUTPUT_UNBOUNDED);
    }
    if (needsPrices && RequestedFees.areUnknown(use.tools(), price.get(), isStrict)) {
      return new Bound.Missing(Obstacle.FEE_HAS_NO_PRICE);
    }
    return new Bound.Of(
        usual(meter, atMost(budget.bound(), priced, input.orElse(0), output.orElse(0))));
  }

  private static Bound withoutPrice(Budget budget, Obstacle obstacle) {
    return budget.allowsUnpriced()
        ? new Bound.Of(Budget.LEAST_DOLLARS)
        : new Bound.Missing(obstacle);
  }

  /** Whether a price determines the cost of this operation. */
  private boolean says(Price price) {
    return price.says(use.kind().answersInTokens(), use.images(), use.feesAtMost());
  }

  /** Whether tokens are free at this price, and at the prices of all versions of the model. */
  private boolean isFree(Price priced, ToLongFunction<Price> rate) {
    return rate.applyAsLong(priced) == 0
        && prices.versions().stream().allMatch(version -> rate.applyAsLong(version) == 0);
  }

  /**
   * Returns the highest possible cost of the call. Under a strict budget, the most expensive
   * version of the model is assumed, because the requested name can denote any version.
   */
  private long atMost(BudgetBound bound, Price priced, long input, long output) {
    FeesUsed fees = fees(bound);
    long most = Cost.atMost(priced, input, output, use.images(), fees);
    if (bound == BudgetBound.STRICT) {
      for (Price version : prices.versions()) {
        Price dearest = priced(bound, version);
        most = Math.max(most, Cost.atMost(dearest, input, output, use.images(), fees));
      }
    }
    return most;
  }

  /**
   * Returns the usual cost of a call. The usual cost is lower than the cost at the highest rates
   * if, for example, tokens are read from caches. The usual cost is higher if tools are used more
   * often than expected, but at most the cost of all that this call can use. The reason is that
   * this call might not offer the tools that earlier calls used.
   */
  private long usual(BudgetMeter meter, long dearest) {
    double part = meter.budget().bound() == BudgetBound.STRICT ? 1 : observed.partOfDearest();
    if (part <= 1) {
      return part == 1 ? dearest : (long) Math.ceil(dearest * part);
    }
    return Math.min(
        (long) Math.ceil(dearest * part), Math.max(dearest, mostOfModel(meter, ownBounds())));
  }

  /**
   * Returns the tokens that the call is expected to use. The estimate is the same as for a {@code
   * measured} budget that counts tokens.
   */
  PaceUse expectedPace() {
    long input = input(BudgetBound.MEASURED).orElse(0);
    long output = isUncharged() ? 0 : output(BudgetBound.MEASURED).orElse(0);
    for (CallEstimate other : others) {
      PaceUse more = other.expectedPace();
      input = Amounts.sum(input, more.input());
      output = Amounts.sum(output, more.output());
    }
    return PaceUse.ofCall(input, output);
  }

  private OptionalLong input(BudgetBound bound) {
    if (isUncharged()) {
      return OptionalLong.of(0);
    }
    if (bound == BudgetBound.MEASURED) {
      return OptionalLong.of(usualInput());
    }
    OptionalLong once = inputAtMost();
    return once.isEmpty() ? once : OptionalLong.of(Amounts.product(once.getAsLong(), use.rounds()));
  }

  private OptionalLong inputAtMost() {
    if (use.unboundedTools()) {
      return OptionalLong.empty();
    }
    return use.refersElsewhere()
        ? prices.bounds().context()
        : OptionalLong.of(UseBounds.ofBody(use.bodyBytes()));
  }

  /**
   * Returns the expected input, estimated from earlier requests; at most what this request can use.
   */
  private long usualInput() {
    OptionalLong once = inputAtMost();
    return once.isEmpty()
        ? expectedInput()
        : Math.min(expectedInput(), Amounts.product(once.getAsLong(), use.rounds()));
  }

  private long expectedInput() {
    long all = Amounts.sum(observed.expectedText(use.bodyBytes()), observed.expectedBesides());
    if (!use.refersElsewhere() && !use.unboundedTools()) {
      return all;
    }
    long more = Math.max(all, observed.expectedElsewhere());
    // If the provider read the input several times, the observed number of input tokens already
    // contains each reading.
    long inAll = observed.isKnown() ? more : Amounts.product(more, use.rounds());
    OptionalLong context = prices.bounds().context();
    return context.isPresent()
        ? Math.min(inAll, Amounts.product(context.getAsLong(), use.rounds()))
        : inAll;
  }

  private OptionalLong output(BudgetBound bound) {
    OptionalLong most = outputAtMost();
    if (bound == BudgetBound.STRICT) {
      return most;
    }
    long usual = observed.expectedOutput();
    long answers = observed.isKnown() ? use.answers() : use.answersInAll();
    return OptionalLong.of(Math.min(most.orElse(Long.MAX_VALUE), Amounts.product(usual, answers)));
  }

  private OptionalLong outputAtMost() {
    OptionalLong stated = use.statedOutputInAll();
    if (stated.isPresent()) {
      return stated;
    }
    OptionalLong each = prices.bounds().maxOutput();
    return each.isEmpty()
        ? each
        : OptionalLong.of(Amounts.product(each.getAsLong(), use.answersInAll()));
  }

  /**
   * Returns the caller's observations for the model, including this call. If the stated usage is
   * more than the call could use, the excess is not counted.
   *
   * @param before the use that was observed before this call; empty if this call shows that the
   *     earlier calls were of another kind
   * @param usage the usage as the provider stated it
   */
  public ObservedUse after(Optional<ObservedUse> before, TokenUsage usage, CallCharge charge) {
    Optional<Price> price = prices.forService();
    long dearest =
        price.isEmpty()
            ? 0
            : Cost.atMost(
                priced(BudgetBound.MEASURED, price.get()),
                usage.input(),
                usage.output(),
                use.images(),
                fees(BudgetBound.MEASURED));
    long cost = charge.cost().isEmpty() ? 0 : charge.cost().get().forService();
    OptionalLong once = inputAtMost();
    long input =
        once.isEmpty()
            ? usage.input()
            : Math.min(usage.input(), Amounts.product(once.getAsLong(), use.rounds()));
    long output = Math.min(usage.output(), outputAtMost().orElse(Long.MAX_VALUE));
    return before.isPresent()
        ? before.get().after(use, input, output, dearest, cost)
        : ObservedUse.only(use, input, output, dearest, cost);
  }

  /**
   * Returns the use of the call, with better estimates for parts that are not stated. If the answer
   * does not state the input, this method assumes the input of the caller's recent calls of the
   * model. If there are no such calls, this method keeps the estimate from the call's bytes. If the
   * caller has left, the result is at least the use of recent calls, because an unfinished answer
   * might not yet show all reasoning, searches and images. If the call may use the provider's
   * tools, the input that is stated at the beginning is only a part of all input.
   */
  public CallUse likeObserved(CallUse used) {
    TokenUsage usage = used.usage();
    CallUse like =
        usage.estimated().inputTokens() == 0
                || !observed.isKnown()
                || usage.statedOnly().input() > 0
            ? used
            : used.with(
                estimated(
                    usage, observedInput(), usage.output(), usage.estimated().outputTokens()));
    if (isUncharged()) {
      return used.with(TokenUsage.NONE);
    }
    return used.isAbandoned() ? asExpected(like) : like;
  }

  /**
   * Whether no budget is charged for the call, because no known provider charges for such a call.
   */
  private boolean isUncharged() {
    return use.kind() == OperationKind.NOTHING
        || (use.kind() == OperationKind.VERDICTS
            && costsNothing(prices.forService())
            && costsNothing(prices.forCallers()));
  }

  private static boolean costsNothing(Optional<Price> price) {
    return price.isEmpty() || price.get().terms().isFree();
  }

  private long observedInput() {
    double usual =
        use.refersElsewhere()
            ? observed.inputElsewhere()
            : use.bodyBytes() * observed.tokensPerByte();
    return Math.max(1, (long) Math.ceil(usual));
  }

  private static TokenUsage estimated(
      TokenUsage of, long input, long output, long estimatedOutput) {
    long estimatedInput = of.estimated().inputTokens() == 0 ? 0 : input;
    return new TokenUsage(
        input, output, of.parts(), new EstimatedUsage(1, estimatedInput, estimatedOutput));
  }

  /** Returns the larger of the given use and the expected use without a margin. */
  private CallUse asExpected(CallUse used) {
    TokenUsage usage = used.usage();
    long answers = observed.isKnown() ? use.answers() : use.answersInAll();
    long usual = Amounts.product((long) Math.ceil(observed.output()), answers);
    long most = outputAtMost().orElse(Long.MAX_VALUE);
    boolean isGuess = usage.estimated().outputTokens() == usage.output();
    TokenUsage shown = isGuess ? usage.atMost(Long.MAX_VALUE, most, Long.MAX_VALUE) : usage;
    long input = observed.isKnown() && use.mayReadAgain() ? observedInput() : 0;
    TokenUsage expected = shown.atLeast(input, Math.min(most, usual));
    return used.with(use.kind() == OperationKind.IMAGES ? expected.ofImages() : ofMedia(expected))
        .with(
            RequestedFees.orMore(
                used.fees(), use.expectedFees(Math.min(1, observed.partOfDearest()))));
  }

  /**
   * Returns the use of a conversation. If the caller's recent calls of the model cost about as much
   * as audio or images, or if there are no recent calls, all output is counted as audio or images.
   * Before its end, an answer does not say which output is audio or images. Audio and images often
   * cost ten times as much as text.
   */
  private TokenUsage ofMedia(TokenUsage expected) {
    boolean isKnown = expected.parts().audioOutput() + expected.parts().imageOutput() > 0;
    Optional<Price> price = prices.forService().map(of -> priced(BudgetBound.MEASURED, of));
    if (isKnown || use.kind() != OperationKind.TEXT || price.isEmpty()) {
      return expected;
    }
    long plain = Cost.of(price.get(), expected);
    long spoken = Cost.of(price.get(), expected.ofSpeech());
    long drawn = Cost.of(price.get(), expected.ofImages());
    long media = Math.max(spoken, drawn);
    double usual =
        observed.partOfDearest() * Cost.atMost(price.get(), expected.input(), expected.output(), 0);
    if (media <= plain || usual - plain <= media - usual) {
      return expected;
    }
    return spoken > drawn ? expected.ofSpeech() : expected.ofImages();
  }

  /**
   * Returns the use of the other models, each with its prices; empty if the answer does not state
   * their use. If the answer broke off, each other model counts with at least its expected use,
   * because most of the use is stated at the end.
   */
  public Optional<List<CallCharge.OfOther>> ofOthers(CallUse used) {
    if (used.others().isEmpty()) {
      return Optional.empty();
    }
    boolean isWhole = used.evidence() != CallUse.Evidence.UNKNOWN;
    return used.others()
        .map(
            stated ->
                others.stream()
                    .filter(other -> !isWhole || stated.containsKey(other.use.model()))
                    .map(other -> other.ofOther(stated, isWhole, other.isSubstituteIn(this)))
                    .toList());
  }

  private CallCharge.OfOther ofOther(
      Map<UsageModel, TokenUsage> stated, boolean isWhole, boolean isSubstitute) {
    TokenUsage used = stated.getOrDefault(use.model(), TokenUsage.NONE);
    PaceUse expected = isWhole ? PaceUse.NONE : expectedPace();
    return new CallCharge.OfOther(
        used.atLeast(expected.input(), expected.output()), prices, bounds(), isSubstitute);
  }

  /** Returns how many tokens must be left in the provider's limits before this call is sent. */
  public PaceDemand demand() {
    return new PaceDemand(expectedPace(), guessed().expectedPace());
  }

  /**
   * Returns the tokens that the call has used, at most what the call could use. If the answer does
   * not state the use of the other models, their expected use is added, except for models that
   * could answer in place of the called model. If the use is unknown, the result is at least the
   * expected use.
   */
  public PaceUse usedPace(CallUse all) {
    CallUse used = all.of(use);
    TokenUsage usage = boundsOf(used, bounds()).within(likeObserved(used).usage());
    PaceUse known = PaceUse.ofCall(usage.input(), usage.output());
    return switch (used.evidence()) {
      case REFUSED -> known;
      case STATED -> {
        PaceUse more = known;
        for (CallEstimate other : others) {
          PaceUse of =
              other
                  .statedPace(used)
                  .orElseGet(
                      () -> other.isSubstituteIn(this) ? PaceUse.NONE : other.expectedPace());
          more = PaceUse.ofCall(more.input() + of.input(), more.output() + of.output());
        }
        yield more;
      }
      case UNKNOWN -> {
        PaceDemand demand = demand();
        yield PaceUse.ofCall(
            Math.max(known.input(), demand.least().input()),
            Math.max(known.output(), demand.least().output()));
      }
    };
  }

  /**
   * Returns the stated use of this estimate's model, which is not the called model. The result is
   * at most what this estimate's model could use. Empty if the answer does not state the use of
   * other models.
   */
  private Optional<PaceUse> statedPace(CallUse used) {
    return used.others()
        .map(stated -> ownBounds().within(stated.getOrDefault(use.model(), TokenUsage.NONE)))
        .map(of -> PaceUse.ofCall(of.input(), of.output()));
  }

  /** Returns this estimate without any observations. */
  public CallEstimate guessed() {
    return new CallEstimate(
        use, prices, ObservedUse.NONE, others.stream().map(CallEstimate::guessed).toList());
  }

  /**
   * Returns the largest output maximum with which the call fits into the budget.
   *
   * @param left the amount that remains of the budget
   * @return empty if the call does not fit with any output maximum, or if the request has no field
   *     for an output maximum
   */
  public OptionalLong largestOutputWithin(BudgetMeter meter, long left) {
    OptionalLong input = input(meter.budget().bound());
    if (use.kind() != OperationKind.TEXT || input.isEmpty()) {
      return OptionalLong.empty();
    }
    long rest = left - amountOfOthers(meter);
    long each =
        switch (meter.budget().unit()) {
          case REQUESTS -> 0;
          case TOKENS -> rest - input.getAsLong();
          case USD ->
              priceFor(meter)
                  .map(price -> affordable(meter, price, input.getAsLong(), rest))
                  .orElse(0L);
        };
    long most = each / use.answersInAll();
    return most > 0 ? OptionalLong.of(most) : OptionalLong.empty();
  }

  /**
   * Returns how much of a budget the other models that the request names can use. Under a strict
   * budget, this is the maximum that the other models can use; under a measured budget, their
   * expected use.
   */
  long amountOfOthers(BudgetMeter meter) {
    return amountOfOthers(meter, true);
  }

  /**
   * Does the same as {@link #amountOfOthers}, but without models that could answer in place of the
   * called model. The result is for complete answers, which state the use of the answering model.
   */
  long amountBesideAnswer(BudgetMeter meter) {
    return amountOfOthers(meter, false);
  }

  private long amountOfOthers(BudgetMeter meter, boolean ofSubstitutes) {
    long sum = 0;
    if (meter.budget().unit() == BudgetUnit.REQUESTS) {
      return sum;
    }
    for (CallEstimate other : others) {
      boolean isCounted = ofSubstitutes || !other.isSubstituteIn(this);
      if (isCounted && other.amountOfModel(meter) instanceof Bound.Of more) {
        sum = Amounts.sum(sum, more.amount());
      }
    }
    return sum;
  }

  private long affordable(BudgetMeter meter, Price price, long input, long left) {
    BudgetBound bound = meter.budget().bound();
    if (bound == BudgetBound.STRICT) {
      return affordableAtMost(price, input, left);
    }
    double part = observed.partOfDearest();
    long usual =
        affordable(
            bound, priced(bound, price), input, (long) Math.min(Long.MAX_VALUE, left / part));
    // The estimate is at most what the call can cost; see usual().
    return part <= 1 ? usual : Math.max(usual, affordableAtMost(price, ownBounds().input(), left));
  }

  /** Returns the output that the call can afford even if everything else costs the most. */
  private long affordableAtMost(Price price, long input, long left) {
    long most = affordable(BudgetBound.STRICT, priced(BudgetBound.STRICT, price), input, left);
    for (Price version : prices.versions()) {
      Price dearest = priced(BudgetBound.STRICT, version);
      if (dearest.dearestOutput() > 0) {
        most = Math.min(most, affordable(BudgetBound.STRICT, dearest, input, left));
      }
    }
    return most;
  }

  private long affordable(BudgetBound bound, Price price, long input, long atDearest) {
    long rate = price.dearestOutput();
    long rest = atDearest - Cost.atMost(price, input, 0, use.images(), fees(bound));
    return rest <= 0 || rate == 0 ? 0 : Amounts.product(rest, 1_000) / rate;
  }
}
