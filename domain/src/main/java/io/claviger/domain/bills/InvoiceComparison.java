package io.claviger.domain.bills;

import io.claviger.domain.bills.Quantities.SignedMath;
import io.claviger.domain.prices.PriceNames;
import io.claviger.domain.usage.UsageCounts;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Compares an invoice with the costs that Claviger counted in the month. If the invoice states
 * amounts by model, they are compared by model. If the figures of some days were read from the
 * provider, these days' amounts are subtracted from the invoice. The remaining amount is compared
 * with Claviger's figures of the other days. Because an invoice does not state usage, each reason
 * is assumed to explain at most the highest possible cost of the calls to which it applies.
 */
final class InvoiceComparison {
  private static final long MOST_OF_CALL = 1_000_000_000;
  private static final long MOST_OF_TOKEN = 1_000_000;

  private final Collection<BilledCell> cells;
  private final BillSums sums;

  InvoiceComparison(Collection<BilledCell> cells, BillSums sums) {
    this.cells = cells;
    this.sums = sums;
  }

  void compare(Invoice.Content invoice) {
    if (invoice.models().isEmpty()) {
      compare(invoice.total());
      return;
    }
    SortedMap<String, Long> billed = new TreeMap<>();
    invoice
        .models()
        .forEach((name, part) -> billed.merge(PriceNames.undated(name), part, SignedMath::sum));
    compare(billed, cell -> cell.model);
  }

  void compare(long total) {
    compare(new TreeMap<>(Map.of("", total)), cell -> "");
  }

  private void compare(SortedMap<String, Long> billed, Function<BilledCell, String> name) {
    SortedMap<String, UsageCounts> counted = new TreeMap<>();
    for (BilledCell cell : cells) {
      if (!cell.isOfCallsWithoutUse()) {
        counted.merge(name.apply(cell), cell.counted, UsageCounts::plus);
      }
      BillSums.Part unused = sums.name(BillReason.OWN_KEYS, -cell.ownKeyCost);
    }
    billed.forEach((model, amount) -> counted.putIfAbsent(model, UsageCounts.NONE));
    counted.forEach((model, counts) -> explain(counts, billed.getOrDefault(model, 0L)));
  }

  private void explain(UsageCounts counts, long billed) {
    long left = SignedMath.sum(billed, -counts.cost().cost());
    if (Math.abs(left) > BillSums.HALF_A_CENT) {
      left = name(BillReason.DISPUTED, Math.clamp(left, 0, counts.disputed().cost()), left);
      long estimated = counts.cost().estimated();
      // Calls with an estimated cost might in fact have cost nothing, or up to four times the
      // estimate. (The difference is then up to three times the estimate.)
      long most = SignedMath.sum(estimated, SignedMath.sum(estimated, estimated));
      left = name(BillReason.ESTIMATED, Math.clamp(left, -estimated, most), left);
      left = name(BillReason.NO_PRICE, Math.clamp(left, 0, mostWithoutPrice(counts)), left);
    }
    if (Math.abs(left) <= BillSums.HALF_A_CENT) {
      long unused = name(BillReason.ROUNDING, left, left);
    } else {
      sums.leaveUnexplained(left);
    }
  }

  /**
   * Returns the highest cost that is assumed for calls without a price. This cost is estimated from
   * calls with a price. If no calls have a price, a dollar per call plus a thousand dollars per
   * million tokens is assumed, because no model costs more.
   */
  static long mostWithoutPrice(UsageCounts counts) {
    long unpriced = counts.unpricedRequests() - counts.errors();
    if (unpriced <= 0) {
      return 0;
    }
    long priced = counts.cost().priced();
    if (priced == 0) {
      return SignedMath.sum(
          SignedMath.product(unpriced, MOST_OF_CALL),
          SignedMath.product(
              SignedMath.sum(counts.inputTokens(), counts.outputTokens()), MOST_OF_TOKEN));
    }
    long ofOne = Math.ceilDiv(counts.cost().cost(), priced);
    return SignedMath.product(ofOne, SignedMath.product(unpriced, BilledCosts.MOST_DEARER));
  }

  /**
   * Attributes a part of the unexplained amount to a reason. Returns the part that is still
   * unexplained.
   */
  private long name(BillReason reason, long amount, long left) {
    BillSums.Part unused = sums.name(reason, amount);
    return SignedMath.sum(left, -amount);
  }
}
