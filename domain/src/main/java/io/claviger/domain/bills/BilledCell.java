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
 * A day of a model, as both sides count it, and the reasons that were found for the difference.
 *
 * <p>How far a reason may go is bounded by what is known of the calls: by how many were estimated,
 * disputed, or failed. So that nobody can hide calls with a stolen key behind it, a call counts as
 * billed twice only if few do and they look like the others.
 */
final class BilledCell {
  /** The most tokens of output that a call has whose answer broke off. */
  private static final long LONGEST_ANSWER = 131_072;

  /** The input that a provider may add to a call on its own, such as definitions of tools. */
  private static final long ADDED_INPUT = 2_000;

  private static final long LEAST_TOKENS = 1_000;

  /** The most that a piece costs for which no price is known: a dollar. */
  private static final long DOLLAR = 1_000_000_000;

  /** Pieces of which a million cost a dollar at most. */
  private static final Set<String> SMALL_PIECES = Set.of("stored_byte", "character");

  final LocalDate day;
  final String model;
  final Map<BillReason, Long> named = new EnumMap<>(BillReason.class);

  Optional<Price> price = Optional.empty();
  UsageCounts counted = UsageCounts.NONE;
  long ownKeyCost;

  /** What of the cost is shown in the line for fees, where the provider has it too. */
  long shownElsewhere;

  /** What the provider counts for the service's key, or for keys that it does not name. */
  Quantities billed = Quantities.NONE;

  Quantities billedToOthers = Quantities.NONE;
  FeesUsed feesBilled = FeesUsed.NONE;
  FeesUsed feesOfOthers = FeesUsed.NONE;

  /** The most that the pieces which the provider counts can cost, and those of other keys. */
  long mostForFees;

  long mostForFeesOfOthers;
  private boolean hasUnknownFees;

  /** How much of the usage is in each tier: what the provider counts less what Claviger counts. */
  final Map<ServiceTier, Quantities> tiers = new HashMap<>();

  /** The difference of usage that has no reason yet. */
  private Quantities difference = Quantities.NONE;

  /** The value of all differences of usage, at Claviger's prices. */
  private long differenceValue;

  private long unexplained;

  /** Whether all of its usage was counted under another name or on another day. */
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
    // Providers count seconds of audio, of which a minute has a price.
    long units = what.equals(Optional.of(FeeKind.AUDIO_MINUTE)) ? 1_000 : 1;
    return what.map(w -> FeesUsed.of(w, SignedMath.product(count, units))).orElse(FeesUsed.NONE);
  }

  /** The most that pieces can cost, whether they have a price or not. */
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

  /** The cost that Claviger counted, without callers' own keys. */
  long cost() {
    return counted.cost().cost();
  }

  /** What of the counted cost is for pieces. */
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

  /** By how much the pieces that the provider counts cost more than those that Claviger counts. */
  long feeValue() {
    return SignedMath.sum(valueOf(feesBilled), -feeCost());
  }

  boolean hasFees() {
    return hasUnknownFees || !feesBilled.isNone() || !counted.fees().isNone();
  }

  /** Whether the provider counts pieces that have no fee in Claviger. */
  boolean hasUnpricedFees() {
    return hasUnknownFees
        || (!feesBilled.isNone() && price.filter(p -> !p.lacks(feesBilled)).isEmpty());
  }

  long unexplained() {
    return unexplained;
  }

  /** What the provider would bill for what it counts, at Claviger's prices. */
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

  /** Begins to compare usage. */
  void findDifference() {
    Quantities all = billed.minus(Quantities.of(counted));
    difference = new Quantities(moreRequests(), all.tokens());
    addValue(BillReason.OTHER_KEYS, billedToOthers);
  }

  Quantities difference() {
    return difference;
  }

  /** By how many requests the provider counts more; it may or may not count those that failed. */
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

  /** Says why the whole difference of usage is there. */
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

  /** Finds the reason for the difference of usage that is left. */
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

  /** By how much the tiers that the provider counts cost more than those that Claviger counts. */
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
   * What the provider counts in tiers for which Claviger knows no rates, and Claviger does not
   * count there, at the usual rates.
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

  /** The reason if all of its usage was counted elsewhere, or made with other keys. */
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
