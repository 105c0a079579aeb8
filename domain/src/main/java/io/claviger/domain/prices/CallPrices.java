package io.claviger.domain.prices;

import io.claviger.domain.usage.EstimatedUsage;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.PriceVersions;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.TokenUsage;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The prices of one call. A call can have two prices. Budgets of the service and its shares are
 * charged at the service's own price, if there is one. Budgets of users, groups and tokens are
 * charged at the deployment's price, because owners of services can set any price. If only one of
 * the two prices is known, it applies to all budgets.
 *
 * @param own the price that is set for the service itself
 * @param deployment the deployment's price
 * @param bounds the maximum numbers of tokens in one call
 * @param versions the prices of the model's versions, which could answer instead of the requested
 *     model
 */
public record CallPrices(
    Optional<Price> own, Optional<Price> deployment, ModelBounds bounds, List<Price> versions) {
  public static final CallPrices NONE =
      new CallPrices(Optional.empty(), Optional.empty(), ModelBounds.UNKNOWN);

  public CallPrices {
    versions = List.copyOf(versions);
  }

  /** Creates the prices of a model that has no versions which could answer instead of it. */
  public CallPrices(Optional<Price> own, Optional<Price> deployment, ModelBounds bounds) {
    this(own, deployment, bounds, List.of());
  }

  /** Returns about how many kilobytes of memory these prices take, at least 1. */
  public int weight() {
    int all =
        Stream.of(own.stream(), deployment.stream(), versions.stream())
            .flatMap(each -> each)
            .mapToInt(Price::weight)
            .sum();
    return Math.max(1, all);
  }

  /** The price for budgets of the service and of its shares. */
  public Optional<Price> forService() {
    return own.isPresent() ? own : deployment;
  }

  /** The price for budgets of users, groups and tokens. */
  public Optional<Price> forCallers() {
    return deployment.isPresent() ? deployment : own;
  }

  /** Returns the prices that result from these prices for requests in batches. */
  public CallPrices ofBatches() {
    return with(Price::ofBatches);
  }

  /**
   * Does the same as {@link #ofBatches} for a provider that charges as much for input from a cache
   * in batches as in other calls.
   */
  public CallPrices ofBatchesWithUsualCaches() {
    return with(price -> price.ofBatches(Set.of(Rate.CACHED_INPUT)));
  }

  /** Returns the prices that result from these prices in a service tier. */
  public CallPrices ofTier(ServiceTier tier) {
    return haveTiers() ? with(price -> price.ofTier(tier)) : this;
  }

  /** Returns the highest rates of several service tiers; see {@link Price#dearestOf}. */
  public CallPrices dearestOf(Set<ServiceTier> tiers) {
    return haveTiers() ? with(price -> price.dearestOf(tiers)) : this;
  }

  /** Whether a price states rates for service tiers. */
  private boolean haveTiers() {
    return (own.isPresent() && !own.get().tiers().isEmpty())
        || (deployment.isPresent() && !deployment.get().tiers().isEmpty())
        || (!versions.isEmpty() && versions.stream().anyMatch(each -> !each.tiers().isEmpty()));
  }

  /**
   * Returns these prices with the given fees for tools. Fees are added only for kinds of tools
   * without a fee.
   */
  public CallPrices withFeesUnlessStated(List<Fee> fees) {
    return with(price -> price.withFeesUnlessStated(fees));
  }

  /** Does the same as {@link #withFeesUnlessStated}, but adds the fees to free models, too. */
  public CallPrices withFeesAlthoughFree(List<Fee> fees) {
    return with(price -> price.withFeesAlthoughFree(fees));
  }

  /** Returns these prices, with the prices of the model's versions added. */
  public CallPrices withVersions(List<Price> known) {
    return known.isEmpty() ? this : new CallPrices(own, deployment, bounds, known);
  }

  /**
   * Returns the prices of a model that answers instead of the requested model. If only the
   * service's owner has a price for the answering model, the result also contains the deployment's
   * price for the requested model. Owners can state any price, and their own servers can name any
   * model. Without the deployment's price, owners could charge any amount to budgets of users,
   * groups and tokens, even for a model for which the deployment has a price.
   *
   * @param requested the deployment's price for the requested model
   */
  public CallPrices inPlaceOf(Optional<Price> requested) {
    return deployment.isPresent() || requested.isEmpty()
        ? this
        : new CallPrices(own, requested, bounds, versions);
  }

  private CallPrices with(UnaryOperator<Price> change) {
    return new CallPrices(
        own.map(change),
        deployment.map(change),
        bounds,
        versions.isEmpty() ? versions : versions.stream().map(change).toList());
  }

  /** The cost of a call that used only tokens; empty if there is no price. */
  public Optional<CallCost> costOf(TokenUsage usage, boolean isFreeIfUnused) {
    return costOf(usage, FeesUsed.NONE, isFreeIfUnused);
  }

  /**
   * The cost of a call; empty if there is no price.
   *
   * @param isFreeIfUnused whether a call without usage costs nothing, because the provider answered
   *     with an error or does not charge for the operation
   */
  public Optional<CallCost> costOf(TokenUsage usage, FeesUsed fees, boolean isFreeIfUnused) {
    boolean free = isFreeIfUnused && fees.isNone() && usage.equals(TokenUsage.NONE);
    Optional<Price> price = forService();
    if (price.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        free ? new CallCost(0, 0, 0, versions(price.get())) : cost(price.get(), usage, fees));
  }

  /**
   * Returns the pieces, such as images or searches, in the order of their fees, the most expensive
   * piece first. The fees are compared at the price for budgets of callers, because the service's
   * owner can't set this price.
   */
  public List<FeePiece> dearestFirst(List<FeePiece> pieces) {
    Optional<Price> price = pieces.size() > 1 ? forCallers() : Optional.empty();
    return price.map(of -> pieces.stream().sorted(of::compareFees).toList()).orElse(pieces);
  }

  /**
   * Returns how many pieces of a kind the given amount pays for, rounded up; 0 if the price has no
   * fee for them.
   *
   * @param amount an amount in nano-dollars
   */
  public long piecesFor(long amount, FeeKind what) {
    return forService()
        .flatMap(price -> price.fee(new FeePiece(what, "")))
        .map(fee -> fee.piecesFor(amount))
        .orElse(0L);
  }

  /** Whether one of the two prices lacks a fee for one of these uses. */
  public boolean lack(FeesUsed fees) {
    return forService().filter(price -> price.lacks(fees)).isPresent()
        || forCallers().filter(price -> price.lacks(fees)).isPresent();
  }

  /** Whether the same price applies to budgets of the service and to budgets of users. */
  public boolean areAlike() {
    return own.isEmpty() || deployment.isEmpty();
  }

  private CallCost cost(Price price, TokenUsage usage, FeesUsed fees) {
    long forService = Cost.of(price, usage, fees);
    boolean stated = usage.estimated().equals(EstimatedUsage.NONE);
    return new CallCost(
        forService,
        areAlike() ? forService : Cost.of(deployment.orElseThrow(), usage, fees),
        stated ? 0 : Math.max(0, forService - Cost.of(price, usage.statedOnly(), fees)),
        versions(price),
        Cost.ofFees(price, fees));
  }

  private PriceVersions versions(Price price) {
    return new PriceVersions(price.version(), forCallers().orElse(price).version());
  }
}
