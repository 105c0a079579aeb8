package io.claviger.domain.batches;

import io.claviger.domain.Amounts;
import io.claviger.domain.budgets.BudgetBound;
import io.claviger.domain.budgets.BudgetUnit;
import io.claviger.domain.prices.CallCost;
import io.claviger.domain.prices.CallPrices;
import io.claviger.domain.prices.Cost;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.spending.AnswerPrices;
import io.claviger.domain.spending.RequestedFees;
import io.claviger.domain.usage.ChargedFees;
import io.claviger.domain.usage.DisputedUsage;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageCost;
import io.claviger.domain.usage.UsageCounts;
import io.claviger.domain.usage.UsageModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * The usage for which a batch is charged: the usage that the provider states, but not more than the
 * requests can have caused. Requests can be added one by one, so that the batch's results need not
 * be kept in memory.
 */
public final class BatchCharge {
  /**
   * The greatest number of models that are charged at their own prices although no request names
   * them. If answers name more such models than this, the further models are charged at the price
   * of the requested model.
   */
  public static final int MOST_OTHERS = 16;

  /** The added-up answers for each requested model, keyed by the model's name. */
  private final Map<String, Sum> sums = new LinkedHashMap<>();

  /**
   * The prices of models that answered although no request names them, keyed by the model's name.
   */
  private final Map<String, CallPrices> answering;

  private final boolean isStrict;
  private final Map<String, Set<String>> others = new LinkedHashMap<>();
  private final boolean hasPrices;
  private Known known = Known.USE;

  /** The number of requests that failed, for all models together. */
  private long failed;

  /** What is known about a batch. */
  private enum Known {
    USE,
    /** The provider has made the batch, but the batch's usage is unknown. */
    MADE,
    NOTHING
  }

  /**
   * What was reserved for those requests of a batch that name one model.
   *
   * @param prices the model's prices for requests in batches
   */
  public record PricedReservation(ReservedModel reserved, CallPrices prices) {
    /** Whether a price that applied when the batch was created no longer exists. */
    private boolean hasLostPrice(boolean isForService) {
      boolean isByOwn =
          reserved.ownPrice() != 0 && (isForService || reserved.deploymentPrice() == 0);
      Optional<Price> price = isByOwn ? prices.own() : prices.deployment();
      return (isByOwn || reserved.deploymentPrice() != 0) && price.isEmpty();
    }
  }

  /**
   * The usage that is counted for a requested model.
   *
   * @param answered the model whose price was charged, if it is not the requested model; otherwise
   *     {@link UsageModel#UNKNOWN}
   * @param prices the versions of the prices by which the usage was charged
   */
  public record ModelCharge(
      String model, UsageModel answered, PriceVersions prices, UsageCounts counts) {
    private ModelCharge disputing(DisputedUsage more) {
      DisputedUsage all = counts.disputed().plus(more);
      DisputedUsage counted =
          new DisputedUsage(Math.min(all.requests(), counts.requests()), all.tokens(), all.cost());
      return new ModelCharge(model, answered, prices, counts.charged(counts.tokens(), counted));
    }
  }

  /** The answers to the requests for one model. */
  private final class Sum {
    private final PricedReservation priced;
    private final ReservedModel reserved;
    private final CallPrices prices;

    /**
     * The highest possible cost of a million input tokens and a million output tokens together, in
     * nano-dollars.
     */
    private final long dearness;

    /**
     * The answers, grouped by the price at which they are charged. The first group is charged at
     * the price of the requested model.
     */
    private final Map<String, Part> parts = new LinkedHashMap<>();

    /** The uses of tools that the requests allow and that no answer so far has stated. */
    private FeesUsed toolsLeft;

    Sum(PricedReservation of) {
      this.priced = of;
      this.reserved = of.reserved();
      this.prices = of.prices();
      this.toolsLeft = reserved.tools();
      this.dearness =
          Stream.of(prices.forService(), prices.forCallers())
              .flatMap(Optional::stream)
              .mapToLong(price -> ReservedModel.atMost(price, 1, 1_000_000, 1_000_000))
              .reduce(0, Amounts::sum);
      parts.put("", new Part(UsageModel.UNKNOWN, prices));
    }

    Part part(Optional<String> answered) {
      String name = answered.filter(answering::containsKey).orElse("");
      return parts.computeIfAbsent(
          name, n -> new Part(UsageModel.called(n), Objects.requireNonNull(answering.get(n))));
    }

    /**
     * Returns the uses of tools that an answer states, with the qualities that the requests state.
     * The most expensive qualities count first. If the answer states more uses than the requests
     * allow, the additional uses get the requested qualities too.
     */
    private FeesUsed likeAsked(FeesUsed stated) {
      FeesUsed asked = toolsLeft;
      for (Map.Entry<FeePiece, Long> each : reserved.tools().counts().entrySet()) {
        FeeKind what = each.getKey().what();
        if (toolsLeft.count(what) < stated.count(what)) {
          asked = asked.plus(FeesUsed.of(each.getKey(), each.getValue()));
        }
      }
      FeesUsed like = RequestedFees.likeAsked(stated, asked, prices);
      toolsLeft = toolsLeft.without(like);
      return like;
    }

    private boolean isPriced() {
      return prices.forService().isPresent();
    }

    /** Whether the model was used, but the price at which its use was reserved no longer exists. */
    private boolean hasUnknownCost(UsageCounts counts, boolean isForService) {
      boolean isUsed =
          counts.requests() > counts.errors() || counts.inputTokens() + counts.outputTokens() > 0;
      return isUsed && priced.hasLostPrice(isForService);
    }

    private long requests() {
      return sum(part -> part.requests);
    }

    private long sum(ToLongFunction<Part> number) {
      return parts.values().stream().mapToLong(number).reduce(0, Amounts::sum);
    }

    private boolean hasRoomFor(long more, TokenUsage used) {
      return Amounts.sum(requests(), more) <= reserved.requests()
          && Amounts.sum(sum(part -> part.usage.input()), used.input()) <= reserved.mostInput()
          && Amounts.sum(sum(part -> part.usage.output()), used.output()) <= reserved.mostOutput();
    }

    private boolean hasRequestLeft() {
      return requests() < reserved.requests();
    }

    private long outputLeft() {
      return reserved.mostOutput() - sum(part -> part.usage.output());
    }

    private long unused(Most greatest) {
      return Math.max(0, greatest.requests() - requests());
    }

    /**
     * Returns the charge of each group of answers. All groups together are charged at most {@code
     * greatest}. So each group is charged at most what the earlier groups have left of {@code
     * greatest}. If the earlier groups have left no requests of {@code greatest}, a group gets no
     * charge of its own: its whole usage is added to the last charge as disputed usage.
     *
     * @param errors the number of failed requests for this model
     * @param greatest the greatest use that is counted for this model
     */
    List<ModelCharge> charges(long errors, Most greatest) {
      List<ModelCharge> charges = new ArrayList<>(parts.size());
      Most most = greatest;
      long failedHere = errors;
      for (Part part : parts.values()) {
        if (!charges.isEmpty() && most.requests() == 0) {
          charges.add(charges.removeLast().disputing(part.all()));
          continue;
        }
        ModelCharge charge =
            part.charge(reserved.model(), failedHere, unused(greatest), most, bounding(part));
        most = most.without(charge.counts());
        failedHere = 0;
        charges.add(charge);
      }
      return charges;
    }

    /**
     * Returns the prices that limit the cost of a group of answers. The first list is for the
     * service's budgets, the second for callers' budgets.
     */
    private List<List<Price>> bounding(Part part) {
      boolean isOfAsked = part.answered.equals(UsageModel.UNKNOWN);
      if (isOfAsked || !isStrict || !isPriced()) {
        return List.of(
            part.prices.forService().stream().toList(), part.prices.forCallers().stream().toList());
      }
      return List.of(
          Stream.concat(prices.forService().stream(), prices.versions().stream()).toList(),
          Stream.concat(prices.forCallers().stream(), prices.versions().stream()).toList());
    }
  }

  /**
   * The greatest possible use of some requests. Of the uses that cost a fee, only the uses of tools
   * are included.
   */
  private record Most(long requests, long input, long output, FeesUsed fees) {
    Most without(UsageCounts counts) {
      return new Most(
          Amounts.difference(requests, counts.requests()),
          Amounts.difference(input, counts.inputTokens()),
          Amounts.difference(output, counts.outputTokens()),
          without(counts.fees()));
    }

    private FeesUsed without(ChargedFees charged) {
      FeesUsed left = FeesUsed.NONE;
      for (FeeKind each : FeeKind.OF_TOOLS) {
        ChargedFees.Fee fee = charged.of().get(each);
        long uses = fee == null ? 0 : fee.uses();
        left = left.plus(FeesUsed.of(each, Amounts.difference(fees.count(each), uses)));
      }
      return left;
    }

    /**
     * Returns the highest possible cost of the requests at the most expensive of the given prices.
     */
    long cost(List<Price> prices, FeesUsed charged) {
      return prices.stream()
          .mapToLong(
              of ->
                  Amounts.sum(
                      ReservedModel.atMost(of, requests, input, output),
                      ReservedModel.atMost(of, charged)))
          .max()
          .orElse(Long.MAX_VALUE);
    }
  }

  /**
   * A group of answers that are for the same requested model, and are charged at the same price.
   */
  private static final class Part {
    private final UsageModel answered;
    private final CallPrices prices;
    private long requests;
    private TokenUsage usage = TokenUsage.NONE;
    private FeesUsed fees = FeesUsed.NONE;
    private long forService;
    private long forCallers;

    Part(UsageModel answered, CallPrices prices) {
      this.answered = answered;
      this.prices = prices;
    }

    void add(TokenUsage used, FeesUsed stated, long times) {
      requests = Amounts.sum(requests, times);
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
     * Adds the price's fee per request to a cost, for all requests except one: the cost of several
     * requests' total usage already includes this fee once.
     */
    private static long withFees(long cost, Optional<Price> price, long times) {
      long fee = price.map(of -> Cost.atMost(of, 0, 0, 0)).orElse(0L);
      return Amounts.sum(cost, Amounts.product(fee, Math.max(0, times - 1)));
    }

    /**
     * @param errors the number of failed requests for the model
     * @param unused the number of counted requests that belong to no group of answers. At most this
     *     number of failed requests is counted, so that failed requests do not displace answers in
     *     other groups
     * @param most the greatest use that is counted for this group
     * @param bounding the prices from {@link Sum#bounding}, which limit the cost
     */
    ModelCharge charge(
        String model, long errors, long unused, Most most, List<List<Price>> bounding) {
      TokenUsage charged = usage.atMost(most.input(), most.output(), 0);
      FeesUsed chargedFees = fees.atMost(most.fees());
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
                          most.cost(bounding.getFirst(), chargedFees),
                          most.cost(bounding.getLast(), chargedFees)));
      long counted =
          Math.max(
              Math.min(Amounts.sum(requests, Math.min(errors, unused)), most.requests()),
              charged.isNothing() ? 0 : 1);
      UsageCounts counts =
          new UsageCounts(counted, Math.min(errors, counted), 0, 0, 0, 0)
              .charged(charged, disputed(charged, !chargedFees.equals(fees), cost))
              .using(
                  cost.map(CallCost::fees).orElseGet(() -> ChargedFees.of(chargedFees, Map.of())));
      return new ModelCharge(
          model,
          answered,
          cost.map(CallCost::versions).orElse(PriceVersions.NONE),
          cost.map(
                  of ->
                      counts.costing(
                          new UsageCost(counted, of.forService(), of.forCallers(), of.estimated())))
              .orElse(counts));
    }

    /** Returns the usage of the whole group as disputed usage. */
    DisputedUsage all() {
      return new DisputedUsage(1, Amounts.sum(usage.input(), usage.output()), forService);
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

  /** Creates a charge at the prices of the requested models, whichever models answer. */
  public BatchCharge(List<PricedReservation> models) {
    this(models, Map.of(), false);
  }

  /**
   * @param models at least one
   * @param answering the batch prices of models that answered although no request names them, keyed
   *     by the model's name. Only models with a price are included
   * @param isStrict whether a strict budget has reserved the highest cost of the requested models.
   *     In this case, the use of another model costs at most as much as the highest cost of the
   *     requested model
   */
  public BatchCharge(
      List<PricedReservation> models, Map<String, CallPrices> answering, boolean isStrict) {
    this.answering = Map.copyOf(answering);
    this.isStrict = isStrict;
    models.forEach(each -> sums.put(each.reserved().model(), new Sum(each)));
    hasPrices = sums.values().stream().anyMatch(Sum::isPriced);
  }

  /**
   * Returns the charge of a batch if it is not known whether the provider created the batch.
   * Budgets are charged the whole reservation, and the expected usage is counted.
   */
  public static BatchCharge unknown(List<PricedReservation> models) {
    return estimated(models, Known.NOTHING, ReservedModel::expected);
  }

  /**
   * Returns the charge of a batch that the provider created but whose usage is not known: the
   * greatest use that the batch can have had. If Claviger charged less, callers could save money by
   * deleting batches at the provider before the batches are charged.
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
              long requests = sum.reserved.requests();
              sum.part(Optional.empty()).add(use.apply(sum.reserved), FeesUsed.NONE, requests);
            });
    return charge;
  }

  /**
   * Whether the cost of all requests can be computed from their total usage. The total does not say
   * which versions of the model answered, so all versions must have the same price. The total also
   * does not say which tokens are audio or images, or were written to a cache, so such tokens must
   * cost the same as others.
   */
  public static boolean isSumEnough(List<PricedReservation> models) {
    return models.size() == 1
        && models.stream()
            .map(PricedReservation::prices)
            .allMatch(
                of ->
                    Stream.concat(of.own().stream(), of.deployment().stream())
                        .allMatch(
                            price ->
                                price.thresholds().isEmpty()
                                    && areAlike(price, of)
                                    && areAlike(price.ratesAt(0))));
  }

  private static boolean areAlike(Rates rates) {
    return areAlike(rates, Rate.INPUT, Rate.AUDIO_INPUT, Rate.IMAGE_INPUT)
        && areAlike(rates, Rate.INPUT, Rate.CACHE_WRITE_5M, Rate.CACHE_WRITE_1H)
        && areAlike(rates, Rate.OUTPUT, Rate.AUDIO_OUTPUT, Rate.IMAGE_OUTPUT);
  }

  private static boolean areAlike(Rates rates, Rate usual, Rate... others) {
    return Stream.of(others).allMatch(each -> rates.of(each) == rates.of(usual));
  }

  private static boolean areAlike(Price price, CallPrices of) {
    return of.versions().stream().allMatch(version -> version.terms().equals(price.terms()));
  }

  /**
   * Whether requests might have used something for which a price has a fee. A provider's statement
   * of the total usage does not include such uses.
   *
   * @param areUsual whether requests of the batch's operation often use such things. If {@code
   *     areUsual} is false, only the requests that allow tools of the provider count
   */
  public static boolean mayHaveFees(List<PricedReservation> models, boolean areUsual) {
    return models.stream()
        .filter(of -> areUsual || !of.reserved().tools().isNone())
        .map(PricedReservation::prices)
        .flatMap(of -> Stream.concat(of.own().stream(), of.deployment().stream()))
        .anyMatch(price -> !price.fees().isEmpty());
  }

  /**
   * Adds requests that the provider has answered.
   *
   * @param answered the model that the provider's answers name; empty if they name no model
   * @param requests the number of these requests
   * @param errors the number of these requests that the provider answered with an error
   * @param used the summed usage of these requests
   */
  public void add(Optional<String> answered, long requests, long errors, TokenUsage used) {
    failed = Amounts.sum(failed, errors);
    if (requests > errors || !used.isNothing()) {
      sumOf(answered, requests - errors, used)
          .part(answered)
          .add(used, FeesUsed.NONE, requests - errors);
    }
  }

  /**
   * Adds a request that succeeded. If the answer states no usage, the expected usage is counted.
   *
   * @param answered the model that the answer names, as in {@link #add}
   * @param fees the number of uses of tools and other things that cost a fee
   */
  public void answered(Optional<String> answered, TokenUsage used, FeesUsed fees) {
    Sum sum = sumOf(answered, 1, used);
    answered
        .filter(name -> !sums.containsKey(name))
        .filter(name -> others.size() < MOST_OTHERS || others.containsKey(name))
        .ifPresent(
            name -> {
              boolean unused =
                  others.computeIfAbsent(name, n -> new HashSet<>()).add(sum.reserved.model());
            });
    TokenUsage known = used.isNothing() ? expectedOfOne(sum) : used;
    sum.part(answered).add(known, sum.likeAsked(fees), 1);
  }

  /**
   * Returns the estimated use of a request whose answer states no usage. If the named model already
   * has as many answers as requests, the request must have been for another model.
   */
  private TokenUsage expectedOfOne(Sum named) {
    return named.hasRequestLeft()
        ? named.reserved.expectedOfOne()
        : sums.values().stream()
            .filter(Sum::hasRequestLeft)
            .map(sum -> sum.reserved.expectedOfOne())
            .max(Comparator.comparingLong(of -> Amounts.sum(of.input(), of.output())))
            .orElseGet(named.reserved::expectedOfOne);
  }

  /**
   * Returns the models that answered although no request names them, at most {@link #MOST_OTHERS}.
   * The map's value for such a model is the set of requested models to which its usage was charged.
   */
  public Map<String, Set<String>> others() {
    return others;
  }

  /**
   * Returns the requested model to which an answering model's usage is charged. Providers name the
   * version that answered, and the name of a version begins with the name of the model. If the
   * request named an alias, the answer can contain any other name. Usage under an unknown name is
   * charged to the most expensive requested model whose requests can have caused this usage. Usage
   * is charged to a model without a price only if the answer contains the model's exact name and
   * the model's requests can have caused this usage. The use of a model without a price costs
   * nothing, so usage that is wrongly charged to it would be free. If no requested model has a
   * price, all of them are treated as if they had one.
   */
  private Sum sumOf(Optional<String> answered, long requests, TokenUsage used) {
    Sum exact = answered.map(sums::get).orElse(null);
    if (exact != null && (exact.isPriced() || !hasPrices || exact.hasRoomFor(requests, used))) {
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

  /** Returns the usage that is counted for each requested model and each model that answered. */
  public List<ModelCharge> models() {
    List<ModelCharge> charges = new ArrayList<>(sums.size());
    Map<Sum, Long> requests = greatest(of -> of.reserved.requests(), Sum::requests);
    Map<Sum, Long> input =
        greatest(of -> of.reserved.mostInput(), of -> of.sum(part -> part.usage.input()));
    Map<Sum, Long> output =
        greatest(of -> of.reserved.mostOutput(), of -> of.sum(part -> part.usage.output()));
    long errors = failed;
    int left = sums.size();
    for (Sum sum : sums.values()) {
      long counted = requests.getOrDefault(sum, 0L);
      Most most =
          new Most(
              counted,
              input.getOrDefault(sum, 0L),
              output.getOrDefault(sum, 0L),
              ReservedModel.mostFees(counted));
      long here = --left == 0 ? errors : Math.min(errors, sum.unused(most));
      errors -= here;
      sum.charges(here, most).stream()
          .filter(of -> of.counts().requests() > 0)
          .forEach(charges::add);
    }
    return charges;
  }

  /**
   * For each requested model, returns the maximum number of requests (or of tokens) that is
   * counted. Answers don't say which model was requested: the answer to a request for an alias
   * contains the name of a version, and the same batch might contain a request for that version. So
   * if the answers for a model state more use than the requests for this model can have caused, the
   * excess reduces the maximum of the other models. For all models together, the counted use is at
   * most the greatest use of all requests.
   *
   * @param own the greatest use that the requests for a model can have caused
   * @param stated the use that the answers for the same model state
   */
  private Map<Sum, Long> greatest(ToLongFunction<Sum> own, ToLongFunction<Sum> stated) {
    long beyond = 0;
    long unused = 0;
    for (Sum sum : sums.values()) {
      long left = own.applyAsLong(sum) - stated.applyAsLong(sum);
      beyond = Amounts.sum(beyond, Math.max(0, -left));
      unused = Amounts.sum(unused, Math.max(0, left));
    }
    long taken = Math.min(beyond, unused);
    long given = taken;
    Map<Sum, Long> greatest = new LinkedHashMap<>();
    for (Sum sum : sums.values()) {
      long left = own.applyAsLong(sum) - stated.applyAsLong(sum);
      long more = left < 0 ? Math.min(-left, taken) : -Math.min(left, given);
      taken -= Math.max(0, more);
      given += Math.min(0, more);
      greatest.put(sum, own.applyAsLong(sum) + more);
    }
    return greatest;
  }

  /**
   * Returns the amount to charge to a budget, in the smallest part of the budget's unit. The amount
   * is 0 if the budget is in dollars and there is no price. A strict budget is never charged more
   * than was reserved. If the price at which the amount was reserved no longer exists, a budget in
   * dollars is charged at least what was reserved.
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
