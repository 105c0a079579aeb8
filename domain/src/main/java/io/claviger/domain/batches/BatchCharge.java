package io.claviger.domain.batches;

import io.claviger.domain.Amounts;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.prices.CallCost;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.Cost;
import io.claviger.domain.prices.Price;
import io.claviger.domain.spending.AnswerPrices;
import io.claviger.domain.usage.ChargedFees;
import io.claviger.domain.usage.DisputedUsage;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageCost;
import io.claviger.domain.usage.UsageCounts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The charge of a batch: the usage of its requests as the provider states it, but at most the
 * greatest use that the requests could have. The requests of a batch can be added one by one, so
 * that the batch's results need not be kept in memory.
 */
public final class BatchCharge {
  /** The sums by the names of the models in the requests. */
  private final Map<String, Sum> sums = new LinkedHashMap<>();

  private final boolean hasPrices;
  private Known known = Known.USE;

  /** The number of requests that failed, for all models together. */
  private long failed;

  /** The known facts about a batch. */
  private enum Known {
    USE,
    /** The provider has made the batch, but its usage is unknown. */
    MADE,
    NOTHING
  }

  /**
   * The reservation for a model.
   *
   * @param prices the model's prices for requests in batches
   */
  public record PricedReservation(ReservedModel reserved, CallPrices prices) {
    /** Whether the price that applied when the batch was accepted no longer exists. */
    private boolean hasLostPrice(boolean isForService) {
      boolean isByOwn =
          reserved.ownPrice() != 0 && (isForService || reserved.deploymentPrice() == 0);
      Optional<Price> price = isByOwn ? prices.own() : prices.deployment();
      return (isByOwn || reserved.deploymentPrice() != 0) && price.isEmpty();
    }
  }

  /**
   * The usage that is counted for a model.
   *
   * @param prices the version numbers of the prices at which the usage was charged
   */
  public record ModelCharge(String model, PriceVersions prices, UsageCounts counts) {}

  private static final class Sum {
    private final PricedReservation priced;
    private final ReservedModel reserved;
    private final CallPrices prices;

    /**
     * How expensive the model is: the most that a million tokens of input and a million tokens of
     * output can cost together, in nano-dollars.
     */
    private final long dearness;

    private long requests;
    private TokenUsage usage = TokenUsage.NONE;
    private FeesUsed fees = FeesUsed.NONE;
    private long forService;
    private long forCallers;

    Sum(PricedReservation of) {
      this.priced = of;
      this.reserved = of.reserved();
      this.prices = of.prices();
      this.dearness =
          Stream.of(prices.forService(), prices.forCallers())
              .flatMap(Optional::stream)
              .mapToLong(price -> ReservedModel.atMost(price, 1, 1_000_000, 1_000_000))
              .reduce(0, Amounts::sum);
    }

    void add(TokenUsage used, FeesUsed stated, long times) {
      usage = usage.plus(prices.lack(stated) ? used.estimatedCall() : used);
      fees = fees.plus(stated);
      Optional<CallCost> cost = prices.costOf(used, stated, true);
      forService =
          Amounts.sum(
              forService,
              cost.map(of -> withFees(of.forService(), prices.forService(), times)).orElse(0L));
      forCallers =
          Amounts.sum(
              forCallers,
              cost.map(of -> withFees(of.forCallers(), prices.forCallers(), times)).orElse(0L));
    }

    /**
     * Adds the fee that the price has for each request, for all requests except one. The cost of
     * summed usage includes this fee only once.
     */
    private static long withFees(long cost, Optional<Price> price, long times) {
      long fee = price.map(of -> Cost.atMost(of, 0, 0, 0)).orElse(0L);
      return Amounts.sum(cost, Amounts.product(fee, Math.max(0, times - 1)));
    }

    private boolean isPriced() {
      return prices.forService().isPresent();
    }

    /** Whether the model was used, but its price no longer exists. */
    private boolean hasUnknownCost(UsageCounts counts, boolean isForService) {
      boolean isUsed =
          counts.requests() > counts.errors() || counts.inputTokens() + counts.outputTokens() > 0;
      return isUsed && priced.hasLostPrice(isForService);
    }

    private boolean hasRoomFor(long more, TokenUsage used) {
      return Amounts.sum(requests, more) <= reserved.requests()
          && Amounts.sum(usage.input(), used.input()) <= reserved.mostInput()
          && Amounts.sum(usage.output(), used.output()) <= reserved.mostOutput();
    }

    private long outputLeft() {
      return reserved.mostOutput() - usage.output();
    }

    private long unused() {
      return Math.max(0, reserved.requests() - requests);
    }

    /**
     * @param errors how many requests for this model have failed, among the requests that were not
     *     answered
     */
    ModelCharge charge(long errors) {
      TokenUsage charged = usage.atMost(reserved.mostInput(), reserved.mostOutput(), 0);
      FeesUsed chargedFees = fees.atMost(reserved.mostFees());
      boolean isWhole = charged.equals(usage) && chargedFees.equals(fees);
      Optional<CallCost> known = prices.costOf(charged, chargedFees, true);
      Optional<CallCost> cost =
          known.map(
              of ->
                  new CallCost(
                          isWhole ? forService : of.forService(),
                          isWhole ? forCallers : of.forCallers(),
                          isWhole ? Math.min(of.estimated(), forService) : of.estimated(),
                          of.versions(),
                          of.fees())
                      .atMost(
                          most(prices.forService(), chargedFees),
                          most(prices.forCallers(), chargedFees)));
      long counted =
          Math.max(
              Math.min(Amounts.sum(requests, errors), reserved.requests()),
              charged.isNothing() ? 0 : 1);
      UsageCounts counts =
          new UsageCounts(counted, Math.min(errors, counted), 0, 0, 0, 0)
              .charged(charged, disputed(charged, !chargedFees.equals(fees), cost))
              .using(
                  cost.map(CallCost::fees).orElseGet(() -> ChargedFees.of(chargedFees, Map.of())));
      return new ModelCharge(
          reserved.model(),
          cost.map(CallCost::versions).orElse(PriceVersions.NONE),
          cost.map(
                  of ->
                      counts.costing(
                          new UsageCost(counted, of.forService(), of.forCallers(), of.estimated())))
              .orElse(counts));
    }

    private long most(Optional<Price> price, FeesUsed charged) {
      return price
          .map(
              of ->
                  Amounts.sum(
                      ReservedModel.atMost(
                          of, reserved.requests(), reserved.mostInput(), reserved.mostOutput()),
                      ReservedModel.atMost(of, charged)))
          .orElse(Long.MAX_VALUE);
    }

    private DisputedUsage disputed(
        TokenUsage charged, boolean areFeesDisputed, Optional<CallCost> cost) {
      long tokens = Amounts.sum(usage.input() - charged.input(), usage.output() - charged.output());
      long beyond = Math.max(0, forService - cost.map(CallCost::forService).orElse(forService));
      return areFeesDisputed
          ? new DisputedUsage(1, tokens, beyond)
          : DisputedUsage.ofCall(tokens, beyond);
    }
  }

  /**
   * @param models the reservations for the models, at least one
   */
  public BatchCharge(List<PricedReservation> models) {
    models.forEach(each -> sums.put(each.reserved().model(), new Sum(each)));
    hasPrices = sums.values().stream().anyMatch(Sum::isPriced);
  }

  /**
   * Returns the charge of a batch of which it is unknown whether the provider created it. Budgets
   * are charged everything that was reserved; the counted usage is the expected usage.
   */
  public static BatchCharge unknown(List<PricedReservation> models) {
    return estimated(models, Known.NOTHING, ReservedModel::expected);
  }

  /**
   * The charge of a batch that was created and whose usage is not stated anywhere: the greatest use
   * that the batch could have. If less were charged, callers could save money by deleting a batch
   * at the provider before it is charged.
   */
  public static BatchCharge most(List<PricedReservation> models) {
    return estimated(models, Known.MADE, ReservedModel::most);
  }

  private static BatchCharge estimated(
      List<PricedReservation> models, Known known, Function<ReservedModel, TokenUsage> use) {
    BatchCharge charge = new BatchCharge(models);
    charge.known = known;
    charge
        .sums
        .values()
        .forEach(
            sum -> {
              sum.requests = sum.reserved.requests();
              sum.add(use.apply(sum.reserved), FeesUsed.NONE, sum.reserved.requests());
            });
    return charge;
  }

  /** Whether the cost of all requests can be computed from the sum of their usage. */
  public static boolean isSumEnough(List<PricedReservation> models) {
    return models.size() == 1
        && models.stream()
            .map(PricedReservation::prices)
            .flatMap(of -> Stream.concat(of.own().stream(), of.deployment().stream()))
            .allMatch(price -> price.thresholds().isEmpty());
  }

  /**
   * Whether a price has fees for tools and other pieces. A sum of usage that a provider states does
   * not include uses of such tools and pieces.
   */
  public static boolean haveFees(List<PricedReservation> models) {
    return models.stream()
        .map(PricedReservation::prices)
        .flatMap(of -> Stream.concat(of.own().stream(), of.deployment().stream()))
        .anyMatch(price -> !price.fees().isEmpty());
  }

  /**
   * Adds requests that the provider has answered.
   *
   * @param answered the model that answers name; empty if the answers name no model
   * @param requests the number of these requests
   * @param errors how many of these requests the provider answered with an error
   * @param used the summed usage of these requests
   */
  public void add(Optional<String> answered, long requests, long errors, TokenUsage used) {
    failed = Amounts.sum(failed, errors);
    if (requests > errors || !used.isNothing()) {
      add(sumOf(answered, requests - errors, used), requests - errors, used, FeesUsed.NONE);
    }
  }

  private static void add(Sum sum, long requests, TokenUsage used, FeesUsed fees) {
    sum.requests = Amounts.sum(sum.requests, requests);
    sum.add(used, fees, requests);
  }

  /**
   * Adds a request that succeeded. If the answer states no usage, the expected usage is counted.
   *
   * @param answered the model that the answer names, as in {@link #add}
   * @param fees the uses that have a fee
   */
  public void answered(Optional<String> answered, TokenUsage used, FeesUsed fees) {
    Sum sum = sumOf(answered, 1, used);
    add(sum, 1, used.isNothing() ? sum.reserved.expectedOfOne() : used, fees);
  }

  /**
   * Returns the requested model to which the usage of an answering model is charged. Providers name
   * the version that answers, and the name of a version begins with the name of the model. If a
   * request names a model by an alias, the answer may contain a different name. So if an answer
   * names a model that no request names, its use is charged at the price of the most expensive
   * requested model that could have caused this use. The use of a model without a price costs
   * nothing. So such a model is charged only with usage that is stated under its exact name, unless
   * no model has a price.
   */
  private Sum sumOf(Optional<String> answered, long requests, TokenUsage used) {
    Sum exact = answered.map(sums::get).orElse(null);
    if (exact != null) {
      return exact;
    }
    return sums.values().stream()
        .filter(sum -> sum.isPriced() || !hasPrices)
        .filter(
            sum ->
                answered
                    .filter(name -> AnswerPrices.isVersion(name, sum.reserved.model()))
                    .isPresent())
        .max(Comparator.comparingInt(sum -> sum.reserved.model().length()))
        .or(
            () ->
                sums.values().stream()
                    .filter(sum -> sum.hasRoomFor(requests, used))
                    .max(Comparator.comparingLong(sum -> sum.dearness)))
        .orElseGet(
            () ->
                sums.values().stream()
                    .max(Comparator.comparing(Sum::isPriced).thenComparingLong(Sum::outputLeft))
                    .orElseThrow());
  }

  /** Returns the counted usage of each model that the requests name. */
  public List<ModelCharge> models() {
    List<ModelCharge> charges = new ArrayList<>(sums.size());
    long errors = failed;
    int left = sums.size();
    for (Sum sum : sums.values()) {
      long here = --left == 0 ? errors : Math.min(errors, sum.unused());
      errors -= here;
      ModelCharge charge = sum.charge(here);
      if (charge.counts().requests() > 0) {
        charges.add(charge);
      }
    }
    return charges;
  }

  /**
   * The amount that a budget is charged, in the smallest part of the budget's unit; 0 for a budget
   * in dollars if there is no price. A strict budget is never charged more than was reserved. If
   * the price of the reservation no longer exists, no budget is charged fewer dollars than were
   * reserved.
   *
   * @param reserved the amount that was reserved in the budget
   * @param isOfService whether the budget belongs to the service or to one of its shares
   */
  public long amountFor(BudgetUnit unit, BudgetBound bound, long reserved, boolean isOfService) {
    if (known == Known.NOTHING) {
      return reserved;
    }
    long used = 0;
    boolean isCostKnown = true;
    for (ModelCharge each : models()) {
      UsageCounts counts = each.counts();
      isCostKnown &=
          !Objects.requireNonNull(sums.get(each.model())).hasUnknownCost(counts, isOfService);
      used =
          Amounts.sum(
              used,
              switch (unit) {
                case REQUESTS -> counts.requests();
                case TOKENS -> Amounts.sum(counts.inputTokens(), counts.outputTokens());
                case USD -> isOfService ? counts.cost().cost() : counts.cost().callersCost();
              });
    }
    if (known == Known.MADE || (unit == BudgetUnit.USD && !isCostKnown)) {
      return bound == BudgetBound.STRICT ? reserved : Math.max(used, reserved);
    }
    return bound == BudgetBound.STRICT ? Math.min(used, reserved) : used;
  }
}
