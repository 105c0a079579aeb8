package io.claviger.domain.bills;

import io.claviger.domain.bills.Quantities.SignedMath;
import io.claviger.domain.prices.Cost;
import io.claviger.domain.prices.Price;
import io.claviger.domain.prices.Rate;
import io.claviger.domain.prices.Rates;
import io.claviger.domain.usage.ChargedFees;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.TokenUsage;
import io.claviger.domain.usage.UsageCounts;
import java.time.LocalDate;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One day's figures for one model, from the provider and from Claviger, with the reasons for their
 * difference.
 *
 * <p>The amount that a reason can explain is limited by the number of calls to which the reason can
 * apply: calls with estimated or disputed usage, or failed calls. Calls are assumed to have been
 * billed twice only if they are few and look like the other calls. Without this restriction, many
 * calls with a stolen key would be mistaken for calls that were billed twice. "Pieces" are what is
 * charged besides tokens, such as images and uses of tools.
 */
final class BilledCell {
  /** The greatest number of output tokens that is assumed for a call whose answer broke off. */
  private static final long LONGEST_ANSWER = 131_072;

  /**
   * The number of input tokens that a provider might itself add to a call, for example to define
   * tools.
   */
  private static final long ADDED_INPUT = 2_000;

  private static final long LEAST_TOKENS = 1_000;

  /**
   * The highest cost that is assumed for a piece (such as an image) whose price is not known: a
   * dollar.
   */
  private static final long DOLLAR = 1_000_000_000;

  /**
   * For small pieces, such as bytes and characters, the highest assumed cost is a dollar for a
   * million pieces.
   */
  private static final Set<String> SMALL_PIECES = Set.of("stored_byte", "character");

  final LocalDate day;
  final String model;
  final Map<BillReason, Long> named = new EnumMap<>(BillReason.class);

  Optional<Price> price = Optional.empty();
  UsageCounts counted = UsageCounts.NONE;
  long ownKeyCost;

  /**
   * The part of the cost that is shown in the separate line for fees, because the provider's bill
   * shows this part in a separate line, too.
   */
  long shownElsewhere;

  /**
   * The usage that the provider counts for the service's key, and the usage for which the provider
   * names no key.
   */
  Quantities billed = Quantities.NONE;

  Quantities billedToOthers = Quantities.NONE;
  FeesUsed feesBilled = FeesUsed.NONE;
  FeesUsed feesOfOthers = FeesUsed.NONE;

  /**
   * The highest possible cost of the pieces (such as images) that the provider counts for the
   * service's key. For other keys, see {@link #mostForFeesOfOthers}.
   */
  long mostForFees;

  long mostForFeesOfOthers;
  private boolean hasUnknownFees;

  /** The provider's usage minus Claviger's usage, for each tier. */
  final Map<ServiceTier, Quantities> tiers = new HashMap<>();

  /** The difference in usage for which no reason has been found yet. */
  private Quantities difference = Quantities.NONE;

  /** The value of all differences in usage, at Claviger's prices. */
  private long differenceValue;

  private long unexplained;

  /**
   * The reason why the figures differ, if all usage was counted under another name or on another
   * day; otherwise empty.
   */
  private Optional<BillReason> moved = Optional.empty();

  BilledCell(LocalDate day, String model) {
    this.day = day;
    this.model = model;
  }

  void count(CountedUsage usage) {
    if (usage.ownKey()) {
      ownKeyCost = SignedMath.sum(ownKeyCost, usage.counts().cost().cost());
      return;
    }
    counted = counted.plus(usage.counts());
    tiers.merge(usage.tier(), Quantities.of(usage.counts()).negated(), Quantities::plus);
  }

  void bill(BilledUsage usage, boolean ofOtherKey) {
    Quantities quantities = Quantities.of(usage);
    if (ofOtherKey) {
      billedToOthers = billedToOthers.plus(quantities);
      feesOfOthers = feesOfOthers.plus(fees(usage));
      mostForFeesOfOthers = SignedMath.sum(mostForFeesOfOthers, mostFor(usage.fees()));
      return;
    }
    billed = billed.plus(quantities);
    feesBilled = feesBilled.plus(fees(usage));
    mostForFees = SignedMath.sum(mostForFees, mostFor(usage.fees()));
    hasUnknownFees |= usage.fees().keySet().stream().anyMatch(what -> kind(what).isEmpty());
    tiers.merge(ServiceTier.of(usage.tier().orElse("")), quantities, Quantities::plus);
  }

  private static FeesUsed fees(BilledUsage usage) {
    FeesUsed fees = FeesUsed.NONE;
    for (Map.Entry<String, Long> each : usage.fees().entrySet()) {
      fees = fees.plus(fee(each.getKey(), each.getValue()));
    }
    return fees;
  }

  private static FeesUsed fee(String name, long count) {
    Optional<FeeKind> what = kind(name);
    // Providers count seconds of audio, but the price is stated for a minute.
    long units = what.equals(Optional.of(FeeKind.AUDIO_MINUTE)) ? 1_000 : 1;
    return what.map(w -> FeesUsed.of(w, SignedMath.product(count, units))).orElse(FeesUsed.NONE);
  }

  /**
   * Returns the highest possible cost of pieces (such as images), some of which might have no
   * price.
   */
  private long mostFor(Map<String, Long> pieces) {
    long most = 0;
    for (Map.Entry<String, Long> each : pieces.entrySet()) {
      FeesUsed fee = fee(each.getKey(), each.getValue());
      boolean isPriced = !fee.isNone() && price.filter(p -> !p.lacks(fee)).isPresent();
      long ofOne = SMALL_PIECES.contains(each.getKey()) ? DOLLAR / 1_000_000 : DOLLAR;
      most =
          SignedMath.sum(
              most,
              isPriced
                  ? SignedMath.product(valueOf(fee), BilledCosts.MOST_DEARER)
                  : SignedMath.product(each.getValue(), ofOne));
    }
    return most;
  }

  private static Optional<FeeKind> kind(String what) {
    return what.equals("audio_second") ? Optional.of(FeeKind.AUDIO_MINUTE) : FeeKind.of(what);
  }

  Rates rates() {
    return price.map(Price::rates).orElse(Rates.NONE);
  }

  /** Returns the cost that Claviger counted, without the cost of calls with callers' own keys. */
  long cost() {
    return counted.cost().cost();
  }

  /** Returns the part of the counted cost that is for pieces, such as uses of tools. */
  long feeCost() {
    long cost =
        counted.fees().of().values().stream()
            .mapToLong(ChargedFees.Fee::cost)
            .reduce(0, SignedMath::sum);
    return Math.min(cost(), cost);
  }

  private long valueOf(FeesUsed fees) {
    return price
        .filter(p -> !fees.isNone())
        .map(p -> Cost.of(p, TokenUsage.NONE, fees) - Cost.of(p, TokenUsage.NONE))
        .orElse(0L);
  }

  /**
   * Returns the cost of the pieces in the provider's count minus the cost of those in Claviger's
   * count.
   */
  long feeValue() {
    return SignedMath.sum(valueOf(feesBilled), -feeCost());
  }

  boolean hasFees() {
    return hasUnknownFees || !feesBilled.isNone() || !counted.fees().isNone();
  }

  /** Whether the provider counts pieces for which Claviger knows no fee. */
  boolean hasUnpricedFees() {
    return hasUnknownFees
        || (!feesBilled.isNone() && price.filter(p -> !p.lacks(feesBilled)).isEmpty());
  }

  /**
   * Whether Claviger counted only calls that used nothing, such as requests for the list of models.
   * No provider charges for such calls, although they have no price. If other calls of the same day
   * had no known model, their usage is in the same sum, and the result is false.
   */
  boolean isOfCallsWithoutUse() {
    return model.isEmpty()
        && cost() == 0
        && Quantities.of(counted).hasNoTokens()
        && counted.fees().isNone();
  }

  long unexplained() {
    return unexplained;
  }

  /** Returns the cost of the usage that the provider counts, at Claviger's prices. */
  long expected() {
    return SignedMath.sum(cost(), differenceValue);
  }

  void name(BillReason reason, long amount) {
    if (amount != 0) {
      named.merge(reason, amount, SignedMath::sum);
    }
  }

  void leaveUnexplained(long amount) {
    unexplained = SignedMath.sum(unexplained, amount);
  }

  /** Begins the comparison of usage by computing the difference. */
  void findDifference() {
    Quantities all = billed.minus(Quantities.of(counted));
    difference = new Quantities(moreRequests(), all.tokens());
    addValue(BillReason.OTHER_KEYS, billedToOthers);
  }

  Quantities difference() {
    return difference;
  }

  /**
   * Returns the provider's number of requests minus Claviger's number of requests. The result is 0
   * if failed requests can explain the difference, because only some providers count failed
   * requests.
   */
  private long moreRequests() {
    long most = counted.requests();
    if (billed.requests() == 0 && !billed.hasNoTokens()) {
      return 0;
    }
    long least = Math.max(0, most - counted.errors());
    return billed.requests() > most
        ? billed.requests() - most
        : Math.min(0, billed.requests() - least);
  }

  /**
   * Returns the usage of batches that Claviger counts on this day and the provider does not. The
   * result is at most the difference for which no reason has been found yet.
   */
  Quantities batchesNotBilled() {
    return moreBatches().negated().common(difference.negated());
  }

  /**
   * Returns the usage of batches that the provider counts on this day and Claviger does not. The
   * result is at most the difference for which no reason has been found yet.
   */
  Quantities batchesNotCounted() {
    return moreBatches().common(difference);
  }

  private Quantities moreBatches() {
    return tiers.getOrDefault(ServiceTier.BATCH, Quantities.NONE);
  }

  /**
   * Explains a part of the difference by batches that the provider counts on another day than
   * Claviger.
   *
   * @param moved the additional usage that the provider counts on this day; negative if the
   *     provider counts less than Claviger
   */
  void moveBatches(Quantities moved) {
    Rates rates = price.map(Price::ofBatches).map(Price::rates).orElse(Rates.NONE);
    long value = moved.valueAt(rates);
    differenceValue = SignedMath.sum(differenceValue, value);
    name(BillReason.BATCHES, value);
    difference = difference.minus(moved);
    tiers.merge(ServiceTier.BATCH, moved.negated(), Quantities::plus);
  }

  /** Explains the whole difference in usage with a single reason. */
  void explainBy(BillReason reason) {
    moved = Optional.of(reason);
    addValue(reason, difference);
    difference = Quantities.NONE;
  }

  private void addValue(BillReason reason, Quantities of) {
    long value = of.valueAt(rates());
    differenceValue = SignedMath.sum(differenceValue, value);
    name(reason, value);
  }

  /** Finds a reason for the remaining difference in usage. */
  void explainUsage() {
    if (difference.hasNoTokens() && difference.requests() == 0) {
      return;
    }
    Optional<BillReason> reason = usageReason();
    long value = difference.valueAt(rates());
    differenceValue = SignedMath.sum(differenceValue, value);
    if (reason.isPresent()) {
      name(reason.get(), value);
    } else {
      leaveUnexplained(value);
    }
  }

  private Optional<BillReason> usageReason() {
    if (difference.requests() > 0) {
      return isBilledTwice() ? Optional.of(BillReason.BILLED_TWICE) : Optional.empty();
    }
    if (difference.requests() < 0) {
      return Optional.empty();
    }
    if (difference.of(Rate.OUTPUT) == 0 && difference.input() == 0) {
      boolean written =
          difference.of(Rate.CACHE_WRITE_5M) != 0 || difference.of(Rate.CACHE_WRITE_1H) != 0;
      return Optional.of(written ? BillReason.CACHE_WRITES : BillReason.CACHED_INPUT);
    }
    if (isDisputed()) {
      return Optional.of(BillReason.DISPUTED);
    }
    if (isEstimated()) {
      return Optional.of(
          difference.input() == 0 && difference.of(Rate.OUTPUT) > 0
              ? BillReason.LATE_ANSWERS
              : BillReason.ESTIMATED);
    }
    return isOfFailedCalls() ? Optional.of(BillReason.FAILED_CALLS) : Optional.empty();
  }

  private boolean isBilledTwice() {
    long more = difference.requests();
    return more <= Math.max(1, counted.requests() / 100)
        && difference.isNowhereNegative()
        && difference.isWithin(Quantities.of(counted))
        && difference.allTokens() / more <= 10 * tokensOfACall();
  }

  private boolean isDisputed() {
    return difference.isNowhereNegative() && difference.allTokens() <= counted.disputed().tokens();
  }

  private boolean isEstimated() {
    long calls = counted.estimated().requests();
    long input = counted.estimated().inputTokens();
    return calls > 0
        && difference.input() >= -input
        && difference.input() / 4 <= SignedMath.sum(input, calls * (ADDED_INPUT / 4))
        && difference.of(Rate.OUTPUT) >= -counted.estimated().outputTokens()
        && difference.of(Rate.OUTPUT) / LONGEST_ANSWER <= calls;
  }

  private boolean isOfFailedCalls() {
    return counted.errors() > 0
        && difference.isNowhereNegative()
        && difference.allTokens() / counted.errors() <= 4 * tokensOfACall();
  }

  private long tokensOfACall() {
    long calls = Math.max(1, counted.requests() - counted.errors());
    return Math.max(LEAST_TOKENS, Quantities.of(counted).allTokens() / calls);
  }

  /**
   * Returns a difference in the additional cost that service tiers have compared with the usual
   * rates: the additional cost in the provider's count minus the additional cost in Claviger's
   * count.
   */
  long tierValue() {
    long value = 0;
    for (Map.Entry<ServiceTier, Quantities> each : tiers.entrySet()) {
      Rates ofTier = price.map(p -> ofTier(p, each.getKey()).rates()).orElse(Rates.NONE);
      value = SignedMath.sum(value, each.getValue().valueAt(ofTier));
      value = SignedMath.sum(value, -each.getValue().valueAt(rates()));
    }
    return value;
  }

  private static Price ofTier(Price price, ServiceTier tier) {
    return tier.equals(ServiceTier.BATCH) ? price.ofBatches() : price.ofTier(tier);
  }

  /**
   * Returns the value of the additional usage that the provider counts in service tiers for which
   * Claviger has no rates. The value is computed at the usual rates.
   */
  long unpricedTierValue() {
    return tiers.entrySet().stream()
        .filter(
            each ->
                !each.getKey().equals(ServiceTier.STANDARD)
                    && !each.getKey().equals(ServiceTier.BATCH)
                    && each.getValue().allTokens() > 0
                    && price.filter(p -> p.tiers().containsKey(each.getKey())).isEmpty())
        .mapToLong(each -> Math.max(0, each.getValue().valueAt(rates())))
        .reduce(0, SignedMath::sum);
  }

  /**
   * Returns the reason if all usage was counted on another day or under another name, or came from
   * calls with other keys; otherwise empty.
   */
  Optional<BillReason> isElsewhere() {
    boolean ofOthers = billed.hasNoTokens() && !billedToOthers.hasNoTokens();
    return ofOthers && counted.requests() == 0 ? Optional.of(BillReason.OTHER_KEYS) : moved;
  }

  boolean isEmpty() {
    return cost() == 0
        && ownKeyCost == 0
        && billed.hasNoTokens()
        && billedToOthers.hasNoTokens()
        && Quantities.of(counted).hasNoTokens();
  }
}
