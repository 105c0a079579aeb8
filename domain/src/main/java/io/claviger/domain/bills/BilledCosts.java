package io.claviger.domain.bills;

import io.claviger.domain.ModelName;
import io.claviger.domain.bills.Quantities.SignedMath;
import io.claviger.domain.prices.PriceNames;
import io.claviger.domain.usage.UsageCounts;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A provider's costs for one day, compared with the cost of that day's usage at Claviger's prices.
 * If the provider's lines name models, each model is compared separately. Lines without a model are
 * for tools and other things that are not charged by tokens. If no line names a model, the day is
 * compared as a whole.
 */
final class BilledCosts {
  private static final long CENT = 10_000_000;

  /**
   * The largest factor between two prices of the same model. If two prices differ by a larger
   * factor, they are treated as prices of different models.
   */
  static final long MOST_DEARER = 10;

  private final ReadDay day;
  private final SortedMap<String, BilledCell> cells;
  private final boolean statesUsage;
  private final SortedMap<String, Long> costs = new TreeMap<>();
  private final Map<String, Integer> lines = new HashMap<>();
  private final long unit;

  BilledCosts(ReadDay day, SortedMap<String, BilledCell> cells, boolean statesUsage) {
    this.day = day;
    this.cells = cells;
    this.statesUsage = statesUsage;
    this.unit = unit(day.costs());
    for (BilledCost cost : day.costs()) {
      costs.merge(model(cost), cost.amount(), SignedMath::sum);
      lines.merge(model(cost), 1, Integer::sum);
    }
  }

  /**
   * Returns the name of a line's model, without a date at the end of the name; empty if the line
   * names no model.
   */
  static String model(BilledCost cost) {
    return cost.model().map(ModelName::value).map(PriceNames::undated).orElse("");
  }

  /**
   * Returns the unit to which a provider seems to round its amounts: the largest power of ten that
   * divides all amounts, but at most a cent.
   */
  private static long unit(List<BilledCost> costs) {
    long unit = CENT;
    for (BilledCost cost : costs) {
      while (cost.amount() % unit != 0) {
        unit /= 10;
      }
    }
    return unit;
  }

  /**
   * Finds reasons for the difference in costs that the difference in usage does not explain.
   * Returns the provider's costs of each cell.
   */
  Map<BilledCell, Long> explain() {
    Map<BilledCell, Long> theirs = new HashMap<>();
    BilledCell rest = cells.computeIfAbsent("", model -> new BilledCell(day.day(), model));
    if (costs.keySet().equals(Set.of(""))) {
      theirs.put(rest, costs.get(""));
      explain(cells.values(), rest, false);
      return theirs;
    }
    boolean feesApart = costs.containsKey("");
    for (BilledCell cell : cells.values()) {
      theirs.put(cell, costs.getOrDefault(cell.model, 0L));
      if (cell != rest) {
        explain(List.of(cell), cell, feesApart);
      }
    }
    explainFees(rest, feesApart);
    return theirs;
  }

  /**
   * Explains the lines without a model, which are for tools and other things that the provider
   * bills separately.
   */
  private void explainFees(BilledCell rest, boolean feesApart) {
    long counted =
        feesApart
            ? cells.values().stream().mapToLong(BilledCell::feeCost).reduce(0, SignedMath::sum)
            : 0;
    long left =
        SignedMath.sum(costs.getOrDefault("", 0L), -SignedMath.sum(counted, rest.expected()));
    long most = SignedMath.product(counted, MOST_DEARER);
    long mostOfOthers = 0;
    for (BilledCell cell : cells.values()) {
      most = SignedMath.sum(most, cell.mostForFees);
      mostOfOthers = SignedMath.sum(mostOfOthers, cell.mostForFeesOfOthers);
    }
    if (isRounding(List.of(rest), "", left)) {
      rest.name(BillReason.ROUNDING, left);
    } else if (left <= most && cells.values().stream().anyMatch(BilledCell::hasFees)) {
      rest.name(BillReason.FEES, left);
    } else if (left <= SignedMath.sum(most, mostOfOthers)
        && cells.values().stream().anyMatch(cell -> !cell.feesOfOthers.isNone())) {
      rest.name(BillReason.OTHER_KEYS, left);
    } else {
      rest.leaveUnexplained(left);
    }
    for (BilledCell cell : cells.values()) {
      if (feesApart) {
        cell.shownElsewhere = SignedMath.sum(cell.shownElsewhere, cell.feeCost());
      }
    }
    rest.shownElsewhere = SignedMath.sum(rest.shownElsewhere, -counted);
  }

  private boolean isRounding(Collection<BilledCell> of, String model, long left) {
    long calls =
        of.stream()
            .mapToLong(cell -> SignedMath.sum(cell.counted.requests(), cell.billed.requests()))
            .reduce(1, SignedMath::sum);
    return Math.abs(left) <= SignedMath.sum(calls, lines.getOrDefault(model, 0) * unit / 2);
  }

  private void explain(Collection<BilledCell> group, BilledCell into, boolean feesApart) {
    long cost = costs.getOrDefault(into.model, 0L);
    long expected = 0;
    for (BilledCell cell : group) {
      expected = SignedMath.sum(expected, cell.expected());
      expected = SignedMath.sum(expected, feesApart ? -cell.feeCost() : 0);
    }
    long left = SignedMath.sum(cost, -expected);
    if (isRounding(group, into.model, left)) {
      into.name(BillReason.ROUNDING, left);
      return;
    }
    long tiers = group.stream().mapToLong(BilledCell::tierValue).reduce(0, SignedMath::sum);
    into.name(BillReason.TIER, tiers);
    left = SignedMath.sum(left, -tiers);
    if (!feesApart && group.stream().anyMatch(BilledCell::hasFees)) {
      long fees = group.stream().mapToLong(BilledCell::feeValue).reduce(0, SignedMath::sum);
      into.name(BillReason.FEES, fees);
      left = SignedMath.sum(left, -fees);
    }
    if (isRounding(group, into.model, left)) {
      into.name(BillReason.ROUNDING, left);
      return;
    }
    Optional<BillReason> reason = reason(group, cost, SignedMath.sum(cost, -left), left, feesApart);
    if (reason.isPresent()) {
      into.name(reason.get(), left);
    } else {
      into.leaveUnexplained(left);
    }
  }

  private Optional<BillReason> reason(
      Collection<BilledCell> group, long cost, long expected, long left, boolean feesApart) {
    UsageCounts counted =
        group.stream()
            .filter(cell -> !cell.isOfCallsWithoutUse())
            .map(cell -> cell.counted)
            .reduce(UsageCounts.NONE, UsageCounts::plus);
    if (left > 0 && left <= InvoiceComparison.mostWithoutPrice(counted)) {
      return Optional.of(BillReason.NO_PRICE);
    }
    if (group.stream().allMatch(cell -> cell.price.isEmpty())) {
      return counted.requests() > 0
          ? Optional.empty()
          : group.stream().flatMap(cell -> cell.isElsewhere().stream()).findFirst();
    }
    long inTiers =
        group.stream().mapToLong(BilledCell::unpricedTierValue).reduce(0, SignedMath::sum);
    if (isPriceOfSame(SignedMath.sum(left, inTiers), inTiers)) {
      return Optional.of(BillReason.TIER);
    }
    long mostForFees = group.stream().mapToLong(c -> c.mostForFees).reduce(0, SignedMath::sum);
    if (!feesApart
        && left > 0
        && left <= mostForFees
        && group.stream().anyMatch(BilledCell::hasUnpricedFees)) {
      return Optional.of(BillReason.FEES);
    }
    return statesUsage && isPriceOfSame(cost, expected)
        ? Optional.of(BillReason.PRICE)
        : Optional.empty();
  }

  private static boolean isPriceOfSame(long cost, long expected) {
    return cost > 0
        && expected > 0
        && cost / MOST_DEARER <= expected
        && expected / MOST_DEARER <= cost;
  }
}
