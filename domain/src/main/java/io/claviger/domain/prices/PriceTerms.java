package io.claviger.domain.prices;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.ServiceTier;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The terms of a price: the usual rates, the rates that differ from the usual rates in some calls,
 * and the fees.
 *
 * @param rates the usual rates
 * @param thresholds the rates of calls with long input, in ascending order of their bounds
 * @param tiers for each service tier, the rates that differ from the usual rates
 * @param fees the fees for pieces that are charged by number, each piece once
 */
public record PriceTerms(
    Rates rates, List<Threshold> thresholds, SortedMap<ServiceTier, Rates> tiers, List<Fee> fees) {
  public static final int MOST_THRESHOLDS = 4;
  public static final int MOST_TIERS = 8;
  public static final int MOST_FEES = 32;

  /**
   * The rates that tiers can state. Tiers can't state the rate of an image, because an image costs
   * the same in every tier.
   */
  public static final List<Rate> TIER_RATES =
      Stream.of(Rate.values()).filter(rate -> rate != Rate.IMAGE).toList();

  public static final PriceTerms NONE = of(Rates.NONE);

  public PriceTerms {
    thresholds = List.copyOf(thresholds);
    tiers = Collections.unmodifiableSortedMap(new TreeMap<>(tiers));
    fees = List.copyOf(fees);
    if (thresholds.size() > MOST_THRESHOLDS) {
      throw new InvalidValue("thresholds", "at most 4");
    }
    for (int i = 1; i < thresholds.size(); i++) {
      if (thresholds.get(i - 1).above() >= thresholds.get(i).above()) {
        throw new InvalidValue(
            "thresholds",
            "thresholds in ascending order, each with more tokens than the previous one");
      }
    }
    if (tiers.size() > MOST_TIERS) {
      throw new InvalidValue("tiers", "at most 8");
    }
    tiers.forEach(PriceTerms::checkTier);
    checkFees(fees);
    if (rates.stated().containsKey(Rate.IMAGE)
        && fees.stream().anyMatch(fee -> fee.piece().equals(Fee.ANY_IMAGE))) {
      throw new InvalidValue("fees", "either a rate or a fee for images of any quality");
    }
  }

  public static PriceTerms of(Rates rates) {
    return new PriceTerms(rates, List.of(), Collections.emptySortedMap(), List.of());
  }

  public PriceTerms withThresholds(List<Threshold> with) {
    return new PriceTerms(rates, with, tiers, fees);
  }

  public PriceTerms withTiers(Map<ServiceTier, Rates> with) {
    return new PriceTerms(rates, thresholds, new TreeMap<>(with), fees);
  }

  public PriceTerms withFees(List<Fee> with) {
    return new PriceTerms(rates, thresholds, tiers, with);
  }

  /**
   * Whether these terms state the fee for a piece. For pieces that answers do not count separately,
   * the fee for any other quality is enough.
   */
  boolean states(FeePiece piece) {
    return fees.stream()
        .map(Fee::piece)
        .anyMatch(
            each ->
                piece.isCountedApart()
                    ? each.equals(piece)
                    : each.what() == piece.what() && !each.isCountedApart());
  }

  private static void checkTier(ServiceTier tier, Rates rates) {
    if (tier.equals(ServiceTier.STANDARD)
        || tier.equals(ServiceTier.OTHER)
        || ServiceTier.isChosenByProvider(tier.name())) {
      throw new InvalidValue("tiers", "only tiers other than the usual tier, such as flex");
    }
    if (rates.isEmpty() || !TIER_RATES.containsAll(rates.stated().keySet())) {
      throw new InvalidValue("tiers", "at least one rate for each tier, and no rate of an image");
    }
  }

  private static void checkFees(List<Fee> fees) {
    if (fees.size() > MOST_FEES) {
      throw new InvalidValue("fees", "at most 32");
    }
    Set<FeePiece> pieces = new HashSet<>();
    for (Fee fee : fees) {
      if (fee.piece().hasReservedQuality()) {
        throw new InvalidValue("fees", "any quality except dearest and usual");
      }
      if (!pieces.add(fee.piece())) {
        throw new InvalidValue("fees", "one fee for each piece and quality");
      }
    }
  }

  /** Whether these terms state no rate and no fee. */
  public boolean isEmpty() {
    return rates.isEmpty() && fees.isEmpty();
  }

  /** Whether all stated rates and fees are 0. */
  public boolean isFree() {
    return rates.isFree()
        && thresholds.stream().allMatch(each -> each.rates().isFree())
        && tiers.values().stream().allMatch(Rates::isFree)
        && fees.stream().allMatch(fee -> fee.amount() == 0);
  }

  /**
   * Whether calls are charged by tokens: input has a rate (which can be 0), and only tokens,
   * requests and the provider's tools have prices.
   */
  boolean areOfTokens() {
    return rates.stated().containsKey(Rate.INPUT)
        && rates.of(Rate.IMAGE) == 0
        && fees.stream().allMatch(fee -> fee.amount() == 0 || isOfTool(fee.piece().what()));
  }

  /**
   * Whether a fee is for a tool. Images do not count as a tool, because some models make only
   * images.
   */
  private static boolean isOfTool(FeeKind what) {
    return what != FeeKind.IMAGE && FeeKind.OF_TOOLS.contains(what);
  }

  /**
   * Returns the terms of a tier: the tier's own rates and, for all other kinds of tokens and
   * pieces, the usual rates. The rates for long input change in the same proportion as the usual
   * rates. If the tier states no rates, returns these terms unchanged.
   */
  PriceTerms ofTier(ServiceTier tier) {
    Rates differing = tiers.get(tier);
    if (differing == null) {
      return this;
    }
    Rates all = differing.or(rates);
    List<Threshold> long_ = new ArrayList<>(thresholds.size());
    thresholds.forEach(each -> long_.add(new Threshold(each.above(), inProportion(each, all))));
    return new PriceTerms(all, long_, tiers, fees);
  }

  private Rates inProportion(Threshold threshold, Rates tier) {
    EnumMap<Rate, Long> scaled = new EnumMap<>(Rate.class);
    threshold
        .rates()
        .stated()
        .forEach((rate, pico) -> scaled.put(rate, scaled(pico, tier.of(rate), rates.of(rate))));
    return new Rates(scaled);
  }

  private static long scaled(long pico, long tier, long usual) {
    if (tier == usual || usual == 0) {
      return pico;
    }
    BigDecimal exact =
        BigDecimal.valueOf(pico)
            .multiply(BigDecimal.valueOf(tier))
            .divide(BigDecimal.valueOf(usual), 0, RoundingMode.CEILING);
    return exact.min(BigDecimal.valueOf(Rates.MOST)).longValueExact();
  }

  /** Returns these terms with half the rates, rounded up. The given rates and the fees stay. */
  PriceTerms halvedExcept(Set<Rate> whole) {
    return new PriceTerms(
        rates.halvedExcept(whole),
        thresholds.stream()
            .map(of -> new Threshold(of.above(), of.rates().halvedExcept(whole)))
            .toList(),
        tiers,
        fees);
  }
}
